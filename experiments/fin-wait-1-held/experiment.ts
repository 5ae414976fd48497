import {
  atLeast,
  exactly,
  failureMode,
  neverSeen,
  quantity,
  repeats,
  samplesOf,
  segmentsRepeated,
  segmentsSeen,
  setupOf,
  socketsAtEndOf,
  socketsAtPeak,
  socketsStay,
  wireConnections,
  type Bound,
  type Evidence,
  type ExactExpectation,
  type Recording,
  type Setup,
  type ShortProgram,
  type Sockets,
} from "../../harness/experiment.ts";

/** Clients that are never heard of again after their handshake, and clients that are there and do not read. */
const SILENT = 7;
const IDLE = 5;
const ALL = SILENT + IDLE;
/** So long nothing leaves the send queue: longer than the cures wait, and shorter than the drain. */
const HELD_MS = 3000;

/** The wires in the order of the setup: to the host that is silent, and to the one that does not read. */
const SILENT_WIRE = 0;
const IDLE_WIRE = 1;

function clients(host: string, count: number): ShortProgram {
  // A small window: it closes after three segments, and the silent ones are sent no more than that.
  const one = ["set SO_RCVBUF 4096", "connect {server}:8080", "keep"];
  const all = Array.from({ length: count }, () => one).flat();
  return { run: ["clients/calls", ...all, "stay"], host, withinMs: 60_000 };
}

function setup(server: string): Setup {
  return setupOf({
    hosts: {
      server: {
        // The kernel takes the whole answer at once, so that end() and close() are done while nearly nothing of it has left.
        "net.ipv4.tcp_wmem": "4096 262144 262144",
        "net.ipv4.tcp_orphan_retries": "0",
        "net.ipv4.tcp_retries2": "15",
      },
    },
    links: [
      {
        kind: "wire",
        // All that the server says after its SYN-ACK is lost, and the client has nothing to say.
        rules: [{ name: "silence", match: { from: "server", without: ["SYN"] }, do: { drop: true } }],
      },
      { kind: "wire", between: ["idle", "server"], seed: 1 },
    ],
    servers: { server: `${server} --port 8080` },
    clients: { silent: clients("client", SILENT), idle: clients("idle", IDLE) },
    phases: [
      {
        name: "load",
        until: { sockets: { host: "server", state: "FIN-WAIT-1", port: 8080 }, atLeast: ALL },
        withinMs: 10_000,
      },
      { name: "drain", until: { elapsedMs: 4000 } },
    ],
    everyMs: { sockets: 200, listeners: 1000, counters: 500, processes: 200 },
  });
}

const left = { host: "server", state: "FIN-WAIT-1", port: 8080, sendQueue: "holding" } as const;
const orphans: Sockets = { ...left, owner: "none" };
const open = { state: "ESTABLISHED", side: "connector", port: 8080 } as const;

/** Probes of a window that is closed, from the server, while nobody ends the programs. */
const probes = (link: number, bound: Bound, reason: string): ExactExpectation =>
  quantity(
    `window probes to the ${link === SILENT_WIRE ? "silent" : "idle"} clients`,
    { needs: ["packet"], of: (recording: Recording) => windowProbes(recording, link) },
    bound,
  ).because(reason);

function windowProbes(recording: Recording, wire: number): number {
  return wireConnections(recording)
    .filter(({ link }) => link === wire)
    .flatMap(({ packets }) => [...repeats(packets)])
    .filter(([{ from, phase }, { kind }]) => from === "server" && phase !== "end" && kind === "window probe")
    .length;
}

/** Of the sockets written down in one look, the most that are closed and have more to send than the FIN. */
function unsent(evidence: Evidence): number {
  const looks = samplesOf(evidence, "sockets").map((sample) =>
    sample.groups
      .filter(({ state, owner }) => state === "FIN-WAIT-1" && owner === "none")
      .flatMap(({ examples }) => examples)
      .filter(({ sendQueueBytes }) => sendQueueBytes > 1),
  );
  return Math.max(0, ...looks.map((rows) => rows.length));
}

export const experiment = failureMode({
  id: "fin-wait-1-held",
  title: "FIN-WAIT-1 with an answer that nobody takes",
  question: "What becomes of an answer that the kernel has taken and the client does not?",
  tags: ["close", "fin-wait-1", "orphans", "wire"],
  variants: {
    buggy: {
      summary: "the program closes when the kernel has taken the answer",
      setup: setup("fin-wait-1-held/buggy"),
      exact: [
        socketsAtEndOf("drain", { ...orphans, timer: "on" }, exactly(SILENT)).because(
          "what was sent to a silent client is sent again, and the FIN waits behind it",
        ),
        socketsAtEndOf("drain", { ...orphans, timer: "persist" }, exactly(IDLE)).because(
          "an idle client has acknowledged what it has room for, and closed its window",
        ),
        segmentsRepeated({ link: SILENT_WIRE, from: "server", payload: "some" }, atLeast(2 * SILENT)).because(
          "the retransmission timer, at twice the time each time",
        ),
        probes(SILENT_WIRE, exactly(0), "a probe asks for a window, and here none was closed"),
        probes(IDLE_WIRE, atLeast(3 * IDLE), "the persist timer, at twice the time each time"),
        segmentsSeen({ link: IDLE_WIRE, from: "server", flags: ["FIN"], phase: "drain" }, exactly(0)).because(
          "the FIN has its place behind the last byte, which the window keeps back",
        ),
        socketsAtEndOf("drain", { ...open, host: "idle" }, exactly(IDLE)).because(
          "no FIN has come: to these clients the answer is still under way",
        ),
      ],
    },
    fixed: {
      summary: "the program keeps the connection until the client has closed, and resets it after 1.5 s",
      setup: setup("fin-wait-1-held/fixed"),
      exact: [
        socketsAtPeak({ ...left, owner: "listener" }, exactly(ALL)).because(
          "after end() they wait for the client as before, but in the program's hands",
        ),
        neverSeen(orphans).because("the program never leaves them to the kernel"),
        socketsAtEndOf("drain", left, exactly(0)).because("a reset forgets what was queued"),
        segmentsSeen({ from: "server", flags: ["RST"], phase: "drain" }, exactly(ALL)).because(
          "one for each, when its deadline has come",
        ),
        socketsAtEndOf("drain", { ...open, host: "idle" }, exactly(0)).because(
          "the idle clients hear of it: their next call fails",
        ),
      ],
    },
    "fixed-by-user-timeout": {
      summary: "the kernel gives up after 1.5 s without progress: TCP_USER_TIMEOUT",
      setup: setup("fin-wait-1-held/fixed-by-user-timeout"),
      exact: [
        socketsAtPeak(orphans, exactly(ALL)).because("the program closes, and the kernel goes on alone"),
        socketsAtEndOf("drain", left, exactly(0)).because(
          "the option stays on the socket when the program has gone, and both timers heed it",
        ),
        segmentsSeen({ from: "server", flags: ["RST"], phase: "drain" }, exactly(0)).because(
          "the kernel gives up in silence",
        ),
        socketsAtEndOf("drain", { ...open, host: "idle" }, exactly(IDLE)).because(
          "nobody has told the idle clients: they wait for the rest of the answer",
        ),
      ],
    },
  },
  symptom: [
    socketsStay({ state: "FIN-WAIT-1", owner: "none", sendQueue: "holding" }, atLeast(5), {
      forMs: HELD_MS,
    }).because("a FIN-WAIT-1 is over within a round trip, where the other end takes what is sent"),
    quantity(
      "connections in FIN-WAIT-1 without a process and with more than the FIN in their send queues",
      { needs: ["sockets"], of: unsent },
      // Only examples of the sockets are written down, in a reference recording very few.
      atLeast(1),
    ).because("the program has closed and thinks that it has answered; the kernel still has the answer"),
  ],
  overlaps: {},
});
