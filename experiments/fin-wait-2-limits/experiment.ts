import {
  atLeast,
  atMost,
  between,
  callsEnded,
  counterMoved,
  exactly,
  fact,
  lastedFor,
  neverSeen,
  quantity,
  setupOf,
  socketsAtEndOf,
  socketsAtPeak,
  times,
  type Bound,
  type ExactExpectation,
  type InterventionPlan,
  type Setup,
  type ShortLink,
  type ShortPhase,
  type Sysctls,
} from "../../harness/experiment.ts";
import { signs } from "./signs.ts";

const ANSWER = 47;
/** Connections that the client closes; on the slow link only one. */
const ORPHANS = 3;

const waiting = { host: "client", state: "FIN-WAIT-2", port: 8080 } as const;
const orphaned = { ...waiting, owner: "none" } as const;
const held = { ...waiting, timer: ["none", "keepalive"], owner: "process" } as const;

const direct: ShortLink = { kind: "direct", between: ["client", "server"] };

interface Trial {
  link: ShortLink;
  sysctls: Sysctls;
  /** What the client does, and on how many connections. */
  client: string[];
  connections: number;
  drain: ShortPhase;
  interventions?: InterventionPlan[];
}

/** The server answers and never closes: the client's FIN-WAIT-2 lasts as long as its own kernel allows. */
function setup({ link, sysctls, client, connections, drain, interventions = [] }: Trial): Setup {
  const served = times(connections, ["accept", `send ${ANSWER}`, "keep"]);
  return setupOf({
    hosts: { client: { "net.ipv4.tcp_max_tw_buckets": "4096", ...sysctls } },
    links: [link],
    servers: { server: ["clients/calls", "listen 8080 8", ...served, "stay"] },
    clients: { client: { run: ["clients/calls", ...client], withinMs: 60_000 } },
    phases: {
      load: {
        until: { counter: "TcpExtTCPOrigDataSent", host: "server", atLeast: connections },
        withinMs: 10_000,
      },
      drain,
    },
    interventions,
    everyMs: { sockets: 50, counters: 100, processes: 250 },
  });
}

/** The client reads the answer and closes: only the kernel holds the FIN-WAIT-2. */
const closes = (link: ShortLink, sysctls: Sysctls, connections = ORPHANS): Setup =>
  setup({
    link,
    sysctls,
    connections,
    client: ["--times", String(connections), "connect {server}:8080", `recv ${ANSWER}`, "close"],
    drain: {
      any: [
        { elapsedMs: 15_000 },
        { all: [{ elapsedMs: 1500 }, { heldForMs: 300, condition: { sockets: waiting, atMost: 0 } }] },
      ],
    },
  });

const PROBES = ["set SO_KEEPALIVE 1", "set TCP_KEEPIDLE 1", "set TCP_KEEPINTVL 1", "set TCP_KEEPCNT 2"];

/** The client shuts down and reads on; then the server's host loses its power. */
function holds(probes: string[]): Setup {
  const reads = ["shutdown write", "send 97", `recv ${ANSWER}`, "recv end", "stay"];
  return setup({
    link: { kind: "wire", delayMs: 5 },
    sysctls: { "net.ipv4.tcp_fin_timeout": "1" },
    connections: 1,
    client: ["connect {server}:8080", ...probes, ...reads],
    drain: { elapsedMs: 7000 },
    interventions: [
      {
        name: "the server's host is gone",
        phase: "drain",
        when: { elapsedMs: 1000 },
        do: { host: "server", become: "silent" },
      },
    ],
  });
}

const orphanLasts = (bound: Bound, because: string): ExactExpectation =>
  quantity(
    "seconds from the first sample with FIN-WAIT-2 without a process to the first without",
    lastedFor(orphaned),
    bound,
  ).because(because);

const orphans = (count: number): ExactExpectation =>
  socketsAtPeak(orphaned, exactly(count)).because("a closed connection has no process");

const shutDown = [
  callsEnded({ program: "client", call: "send" }, "EPIPE", exactly(1)).because(
    "in FIN-WAIT-2 the FIN has been sent, and nothing can be sent after it",
  ),
  callsEnded({ program: "client", call: "recv" }, ANSWER, atLeast(1)).because(
    "the other direction is as open as before",
  ),
  socketsAtPeak(held, exactly(1)).because("it has a process, so tcp_fin_timeout does not apply"),
];

export const experiment = fact({
  id: "fin-wait-2-limits",
  title: "What ends FIN-WAIT-2, and what does not",
  question: "How long does FIN-WAIT-2 last, with a process and without, and is it tcp_fin_timeout?",
  tags: ["fin-wait-2", "half-close", "sysctl", "wire"],
  signs,
  variants: {
    "above-a-minute": {
      summary: "closed, and tcp_fin_timeout is 62 s",
      setup: closes(direct, { "net.ipv4.tcp_fin_timeout": "62" }),
      exact: [
        orphans(ORPHANS),
        orphanLasts(
          between(3.5, 6),
          "2 s as a socket, the part of 62 above 60, and then 2 s as a record like that of TIME-WAIT: not 62",
        ),
      ],
    },
    "slow-link": {
      summary: "closed, tcp_fin_timeout is 1 s, and a round trip takes 400 ms",
      setup: closes({ kind: "wire", delayMs: 200 }, { "net.ipv4.tcp_fin_timeout": "1" }, 1),
      exact: [
        orphans(1),
        orphanLasts(between(2.5, 8), "it is never less than three and a half retransmission timeouts"),
      ],
    },
    "no-buckets": {
      summary: "closed, tcp_fin_timeout is 5 s, and no TIME-WAIT is allowed",
      setup: closes(direct, { "net.ipv4.tcp_fin_timeout": "5", "net.ipv4.tcp_max_tw_buckets": "0" }),
      exact: [
        counterMoved({ counter: "TcpExtTCPTimeWaitOverflow", host: "client" }, exactly(ORPHANS)).because(
          "each needed a TIME-WAIT record and was refused one",
        ),
        neverSeen({ ...orphaned, timer: "timewait" }).because(
          "it would be kept as the same record as a TIME-WAIT, and is counted with those",
        ),
        socketsAtEndOf("drain", waiting, exactly(0)).because("the connection is forgotten at once"),
      ],
    },
    probed: {
      summary: "shut down, with keep-alive probes, and the other host vanishes",
      setup: holds(PROBES),
      exact: [
        ...shutDown,
        callsEnded({ program: "client", call: "recv" }, "ETIMEDOUT", exactly(1)).because(
          "probes go on in FIN-WAIT-2 while a process holds it, and nobody answers",
        ),
        socketsAtEndOf("drain", waiting, exactly(0)).because("the probes have ended it"),
      ],
    },
    unprobed: {
      summary: "shut down, without probes, and the other host vanishes",
      setup: holds([]),
      exact: [
        ...shutDown,
        socketsAtEndOf("drain", held, exactly(1)).because(
          "nothing checks whether the other end is still there",
        ),
        callsEnded({ program: "client", call: "recv" }, "ETIMEDOUT", atMost(0)).because(
          "recv() has not returned",
        ),
      ],
    },
  },
});
