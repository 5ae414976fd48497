import {
  atLeast,
  atMost,
  between,
  descriptorsGivenBack,
  exactly,
  fact,
  quantity,
  segmentsSeen,
  setupOf,
  socketsAtEndOf,
  socketsStay,
  timeOf,
  type ExactExpectation,
  type Setup,
  type Sysctls,
} from "../../harness/experiment.ts";

/** The line that the client sends before it ends its direction. */
const LINE = 97;
/** Seconds that the program of port 8083 waits before it closes. */
const LATE_S = 3;

/** The peers, by what happens to them: one connection each, on a port of its own. */
const PORTS = {
  /** The peer has shut its direction down and keeps its descriptor. */
  there: 8080,
  /** The peer has closed, and its kernel forgets the connection after tcp_fin_timeout. */
  forgotten: 8081,
  /** The peer has shut its direction down, and then its host loses its power. */
  gone: 8082,
  /** This end closes, late. */
  late: 8083,
  /** The peer has shut its direction down, and a moment later it resets the connection. */
  reset: 8084,
} as const;

type Scene = keyof typeof PORTS;

interface Length {
  sysctls: Sysctls;
  /** The connections on which the server sets SO_KEEPALIVE; it is off by default. */
  keepAlive: Scene[];
  drainMs: number;
  /** When the program of port 8080 is killed, in the drain. */
  killMs: number;
  everyMs: number;
}

function setup({ sysctls, keepAlive, drainMs, killMs, everyMs }: Length): Setup {
  const serving = (scene: Scene, ...ends: string[]): string[] => {
    const accepted = keepAlive.includes(scene) ? ["accept", "set SO_KEEPALIVE 1"] : ["accept"];
    return ["clients/calls", `listen ${PORTS[scene]} 4`, ...accepted, "recv end", ...ends, "stay"];
  };
  const to = (scene: Scene, ...then: string[]): string[] => [
    `connect {server}:${PORTS[scene]}`,
    `send ${LINE}`,
    ...then,
  ];
  const inCloseWait = (["there", "forgotten", "gone"] as const).map((scene) => ({
    sockets: { host: "server", state: "CLOSE-WAIT" as const, port: PORTS[scene] },
    atLeast: 1,
  }));
  const withinMs = drainMs + 30_000;
  return setupOf({
    sysctls,
    links: [{ kind: "wire" }, { kind: "wire", between: ["gone", "server"], seed: 1 }],
    servers: {
      there: serving("there", "keep"),
      forgotten: serving("forgotten", "keep"),
      gone: serving("gone", "keep"),
      late: serving("late", `wait ${LATE_S * 1000}`, "close"),
      reset: serving("reset", "keep"),
    },
    clients: {
      peers: {
        run: [
          "clients/calls",
          ...to("there", "shutdown write", "keep"),
          ...to("forgotten", "close"),
          ...to("late", "shutdown write", "keep"),
          // After the late one has closed: five at once would count as a leak.
          `wait ${LATE_S * 1000 + 1500}`,
          ...to("reset", "shutdown write", "wait 700", "set SO_LINGER 0", "close"),
          "stay",
        ],
        withinMs,
      },
      "gone-peer": {
        run: ["clients/calls", ...to("gone", "shutdown write", "keep"), "stay"],
        host: "gone",
        withinMs,
      },
    },
    phases: { load: { until: { all: inCloseWait }, withinMs: 15_000 }, drain: { elapsedMs: drainMs } },
    interventions: [
      { name: "power lost", phase: "drain", when: { elapsedMs: 0 }, do: { host: "gone", become: "silent" } },
      {
        name: "killed",
        phase: "drain",
        when: { elapsedMs: killMs },
        do: { signal: "SIGKILL", program: "there" },
      },
    ],
    everyMs: { sockets: everyMs, counters: 1000, processes: 500 },
  });
}

const waiting = (port: number) => ({ host: "server", state: "CLOSE-WAIT", side: "listener", port }) as const;

/** Descriptors that a program gave back in the drain. */
const givenBack = (program: Scene, count: number, because: string): ExactExpectation =>
  quantity(
    `descriptors that ${program} gave back`,
    descriptorsGivenBack("drain", [program]),
    exactly(count),
  ).because(because);

/** What holds with any setting of the probes. */
const always: ExactExpectation[] = [
  quantity(
    "seconds of CLOSE-WAIT where the program closes late",
    timeOf(waiting(PORTS.late)),
    between(LATE_S - 2, LATE_S + 2),
  ).because("CLOSE-WAIT lasts until this end closes"),
  quantity(
    "seconds of CLOSE-WAIT where the peer sends a RST",
    timeOf(waiting(PORTS.reset)),
    atMost(2),
  ).because("a RST ends a connection in any state"),
  givenBack("late", 1, "close() is what gives a descriptor back"),
  givenBack(
    "reset",
    0,
    "the row is gone, but nobody has closed the descriptor: the program does not read, and nothing wakes it",
  ),
  socketsAtEndOf("drain", waiting(PORTS.there), exactly(0)).because(
    "a process that ends closes all it has, however it ends",
  ),
];

const tuned = {
  "net.ipv4.tcp_keepalive_time": "1",
  "net.ipv4.tcp_keepalive_intvl": "1",
  "net.ipv4.tcp_keepalive_probes": "3",
  "net.ipv4.tcp_fin_timeout": "2",
};
const short = { sysctls: tuned, drainMs: 8000, killMs: 7000, everyMs: 100 };

export const experiment = fact({
  id: "close-wait-ends",
  title: "What ends a CLOSE-WAIT, and what only hides it",
  question: "How long does CLOSE-WAIT last, and do keep-alive probes shorten it?",
  tags: ["close-wait", "keep-alive", "descriptors", "wire"],
  variants: {
    "no-probes": {
      summary: "probes are set to seconds for the whole host, but no socket has SO_KEEPALIVE",
      setup: setup({ ...short, keepAlive: [] }),
      exact: [
        ...always,
        ...([PORTS.forgotten, PORTS.gone] as const).map((port) =>
          socketsAtEndOf("drain", { ...waiting(port), timer: "none", owner: "listener" }, exactly(1)).because(
            "the sysctls set how probes are sent, but do not turn them on: without SO_KEEPALIVE there is no timer",
          ),
        ),
        socketsStay({ ...waiting(PORTS.there), timer: "none" }, exactly(1), { forMs: 6000 }).because(
          "nothing is in flight: the connection waits only for its program",
        ),
      ],
    },
    probes: {
      summary: "probes are set to seconds for the whole host, and the server sets SO_KEEPALIVE",
      setup: setup({ ...short, keepAlive: ["there", "forgotten", "gone"] }),
      exact: [
        ...always,
        socketsStay({ ...waiting(PORTS.there), timer: "keepalive" }, exactly(1), { forMs: 6000 }).because(
          "the peer's kernel answers every probe, whatever its program does",
        ),
        socketsAtEndOf("drain", waiting(PORTS.gone), exactly(0)).because(
          "three probes a second apart get no answer: the kernel gives the connection up",
        ),
        socketsAtEndOf("drain", waiting(PORTS.forgotten), exactly(0)).because(
          "the peer's kernel has forgotten FIN-WAIT-2 and answers a probe with RST",
        ),
        segmentsSeen({ link: 0, from: "client", flags: ["RST"], phase: "drain" }, atLeast(1)).because(
          "that RST, and the one on the connection to port 8084",
        ),
        givenBack("gone", 0, "the kernel gave up the connection, but the program still has its descriptor"),
        givenBack("forgotten", 0, "the same: no probe closes a descriptor"),
      ],
    },
    defaults: {
      summary: "a kernel with its defaults, for longer than a minute; one connection has SO_KEEPALIVE",
      setup: setup({ sysctls: {}, keepAlive: ["gone"], drainMs: 68_000, killMs: 66_500, everyMs: 500 }),
      exact: [
        ...always,
        quantity(
          "seconds of FIN-WAIT-2 at the peer that closed",
          timeOf({ host: "client", state: "FIN-WAIT-2", port: PORTS.forgotten }),
          between(57, 63),
        ).because("tcp_fin_timeout is 60 s, and for FIN-WAIT-2 without a descriptor"),
        socketsStay({ ...waiting(PORTS.there), timer: "none" }, exactly(1), { forMs: 64_000 }).because(
          "no timer ever runs in CLOSE-WAIT by itself",
        ),
        socketsStay({ ...waiting(PORTS.forgotten), timer: "none" }, exactly(1), { forMs: 65_000 }).because(
          "nothing tells this end that its peer has forgotten the connection",
        ),
        socketsStay({ ...waiting(PORTS.gone), timer: "keepalive" }, exactly(1), { forMs: 65_000 }).because(
          "with SO_KEEPALIVE the first probe is sent after two hours: tcp_keepalive_time is 7200 s",
        ),
      ],
    },
  },
});
