import {
  atLeast,
  between,
  counterMoved,
  exactly,
  fact,
  finRepeats,
  quantity,
  segmentsSeen,
  setupOf,
  socketsAtEndOf,
  socketsAtPeak,
  windowProbes,
  type Bound,
  type Condition,
  type ExactExpectation,
  type Setup,
  type ShortLink,
  type ShortPhase,
  type ShortProgram,
  type ShortSetup,
  type WireRule,
} from "../../harness/experiment.ts";

/** The four connections of most trials, in the order of their SYNs: which end's FIN never arrives, and whether a process holds it. */
const CLOSED_FIRST = 1;
const SHUT_DOWN_FIRST = 2;
const CLOSED_SECOND = 3;
const SHUT_DOWN_SECOND = 4;

/** Drops all FINs of one end of a connection, repetitions included. */
function noFin(from: "client" | "server", connection: number): WireRule {
  const name = `no FIN from the ${from} of connection ${connection}`;
  return { name, match: { from, connection, flags: ["FIN"] }, do: { drop: true } };
}

type OwnSysctls = Pick<ShortSetup, "sysctls" | "hosts">;

interface Trial extends OwnSysctls {
  client: string[];
  server: string[];
  rules?: WireRule[];
  /** When the load is complete, and when the trial is over. */
  there: Condition;
  over: ShortPhase;
}

function setup({ client, server, rules = [], there, over, ...sysctls }: Trial): Setup {
  const withinMs = 120_000;
  return setupOf({
    ...sysctls,
    links: [{ kind: "wire", rules }],
    servers: { server: { run: ["clients/calls", "listen 8080 8", ...server, "stay"], withinMs } },
    clients: { client: { run: ["clients/calls", ...client, "stay"], withinMs } },
    phases: { load: { until: there, withinMs: 60_000 }, drain: over },
    everyMs: { sockets: 100, counters: 500, processes: 500 },
  });
}

type LeftBound = { atLeast: number } | { atMost: number };

const left = (host: string, state: "FIN-WAIT-1" | "LAST-ACK", bound: LeftBound): Condition => ({
  sockets: { host, state, port: 8080 },
  ...bound,
});

/** How many of the four connections still exist at each end. */
const unheardLeft = (bound: LeftBound): Condition => ({
  all: [left("client", "FIN-WAIT-1", bound), left("server", "LAST-ACK", bound)],
});

/** Four FINs that never arrive: in FIN-WAIT-1 and in LAST-ACK, each from a closed socket and from one that a process holds. */
function unheard(sysctls: OwnSysctls, over: Trial["over"]): Setup {
  const shutDown = ["connect {server}:8080", "shutdown write", "keep"];
  // The wait gives the client's FIN time to be acknowledged, so that only the server's FIN stays unanswered.
  const heard = ["accept", "recv end", "wait 200"];
  return setup({
    ...sysctls,
    client: ["connect {server}:8080", "close", ...shutDown, ...shutDown, ...shutDown],
    server: ["accept", "keep", "accept", "keep", ...heard, "close", ...heard, "shutdown write", "keep"],
    rules: [
      noFin("client", CLOSED_FIRST),
      noFin("client", SHUT_DOWN_FIRST),
      noFin("server", CLOSED_SECOND),
      noFin("server", SHUT_DOWN_SECOND),
    ],
    there: unheardLeft({ atLeast: 2 }),
    over,
  });
}

/** Two clients that read nothing, and a server that has more to send than fits: it closes one connection, and shuts down the other. */
function zeroWindow(): Setup {
  const reader = ["set SO_RCVBUF 4096", "connect {server}:8080", "keep"];
  return setup({
    hosts: {
      server: {
        "net.ipv4.tcp_wmem": "4096 262144 262144",
        "net.ipv4.tcp_orphan_retries": "0",
        "net.ipv4.tcp_retries2": "15",
        "net.ipv4.tcp_rto_max_ms": "2000",
      },
    },
    client: [...reader, ...reader],
    server: ["accept", "send 97000", "close", "accept", "send 97000", "shutdown write", "keep"],
    there: left("server", "FIN-WAIT-1", { atLeast: 2 }),
    over: {
      until: { all: [{ elapsedMs: 6000 }, left("server", "FIN-WAIT-1", { atMost: 1 })] },
      withinMs: 15_000,
    },
  });
}

/** A wire to a peer that takes 50 bytes, closes its window, and is silent from then on. */
const fullAndSilent = (from: string, host: string): ShortLink => ({
  kind: "wire",
  between: [from, host],
  peer: {
    host,
    connections: 1,
    port: 8080,
    steps: [
      { await: { flags: ["SYN"] }, withinMs: 60_000 },
      { send: { flags: ["SYN", "ACK"], windowBytes: 50, options: { mssBytes: 1460 } } },
      { await: { payload: "some" }, withinMs: 5000 },
      { send: { flags: ["ACK"], windowBytes: 0 } },
    ],
  },
});

/** Two hosts that close with unsent bytes behind a closed window: one has the defaults, the other 8 tries. */
function unansweredProbes(): Setup {
  // tcp_retries2 limits how often a probe's wait is doubled, so eight probes take only seconds.
  const quick = { "net.ipv4.tcp_retries2": "1" };
  const closer = (host: string, to: string): ShortProgram => ({
    run: ["clients/calls", `connect {${to}}:8080`, "send 97", "close", "stay"],
    host,
    withinMs: 90_000,
  });
  const both = (bound: LeftBound): Condition => ({
    all: [left("client", "FIN-WAIT-1", bound), left("other", "FIN-WAIT-1", bound)],
  });
  return setupOf({
    hosts: { client: quick, other: { ...quick, "net.ipv4.tcp_orphan_retries": "8" } },
    links: [fullAndSilent("client", "server"), fullAndSilent("other", "silent")],
    clients: { client: closer("client", "server"), other: closer("other", "silent") },
    phases: {
      load: { until: both({ atLeast: 1 }), withinMs: 60_000 },
      drain: { until: both({ atMost: 0 }), withinMs: 15_000 },
    },
    everyMs: { sockets: 100, counters: 500, processes: 500 },
  });
}

/** Two orphans in FIN-WAIT-2; for one the program told the kernel not to keep it. */
function unwanted(): Setup {
  const ended = ["connect {server}:8080", "shutdown write", "wait 300"];
  return setup({
    hosts: { client: { "net.ipv4.tcp_fin_timeout": "60" } },
    client: [...ended, "close", ...ended, "set TCP_LINGER2 -1", "close"],
    server: ["accept", "keep", "accept", "keep"],
    there: { counter: "TcpExtTCPAbortOnLinger", host: "client", atLeast: 1 },
    over: { elapsedMs: 500 },
  });
}

/** How often the FIN that never arrives was repeated on the wire, before the programs were stopped. */
const repeated = (connection: number, bound: Bound, because: string): ExactExpectation =>
  quantity(
    `repetitions of the FIN of connection ${connection}`,
    finRepeats(connection < CLOSED_SECOND ? "client" : "server", connection),
    bound,
  ).because(because);

const probes = (link: number, bound: Bound, because: string): ExactExpectation =>
  quantity(`window probes on wire ${link}`, windowProbes(link), bound).because(because);

const silent = segmentsSeen({ flags: ["RST"], phase: "drain" }, exactly(0)).because(
  "the kernel gives up and sends nothing to the other end",
);
const noTailProbe = { "net.ipv4.tcp_early_retrans": "0" };

export const experiment = fact({
  id: "orphans",
  title: "Connections that no process holds any more",
  question: "How long does a kernel go on with a connection that its program has closed?",
  tags: ["close", "orphans", "fin-wait-1", "last-ack", "wire"],
  variants: {
    "few-retries": {
      summary: "tcp_orphan_retries is 2, tcp_retries2 is 4, and no FIN arrives",
      setup: unheard(
        { sysctls: { ...noTailProbe, "net.ipv4.tcp_orphan_retries": "2", "net.ipv4.tcp_retries2": "4" } },
        { until: unheardLeft({ atMost: 0 }), withinMs: 30_000 },
      ),
      exact: [
        repeated(CLOSED_FIRST, between(2, 3), "for a closed socket tcp_orphan_retries decides"),
        repeated(SHUT_DOWN_FIRST, between(4, 5), "for a socket that a process holds tcp_retries2 decides"),
        repeated(CLOSED_SECOND, between(2, 3), "in LAST-ACK as in FIN-WAIT-1"),
        repeated(SHUT_DOWN_SECOND, between(4, 5), "in LAST-ACK as in FIN-WAIT-1"),
        silent,
      ],
    },
    "unanswered-probes": {
      summary:
        "a window is closed, and the other end is silent: one host has the defaults, another has tcp_orphan_retries 8",
      setup: unansweredProbes(),
      exact: [
        probes(0, exactly(8), "0, which is the default, stands for 8 tries"),
        probes(1, exactly(8), "here 8 is set"),
        socketsAtEndOf("drain", { host: "client", state: "FIN-WAIT-1", owner: "none" }, exactly(0)).because(
          "the last try is over",
        ),
        silent,
      ],
    },
    "short-longest-wait": {
      summary:
        "tcp_orphan_retries is 0 at the client and 8 at the server, and no timer may be longer than 1 s",
      setup: unheard(
        {
          sysctls: { ...noTailProbe, "net.ipv4.tcp_rto_max_ms": "1000" },
          hosts: {
            client: { "net.ipv4.tcp_orphan_retries": "0" },
            server: { "net.ipv4.tcp_orphan_retries": "8" },
          },
        },
        unheardLeft({ atMost: 1 }),
      ),
      exact: [
        repeated(CLOSED_FIRST, between(2, 4), "0 stands for 8 only until the timer has reached its maximum"),
        repeated(CLOSED_SECOND, atLeast(7), "a number that is set applies as it is"),
        silent,
      ],
    },
    "zero-window": {
      summary: "the other end's window is closed; no timer may be longer than 2 s",
      setup: zeroWindow(),
      exact: [
        segmentsSeen({ from: "server", flags: ["FIN"], phase: "drain" }, exactly(0)).because(
          "the FIN follows the last byte, which the closed window holds back",
        ),
        socketsAtPeak(
          { host: "server", state: "FIN-WAIT-1", timer: "persist", owner: "none" },
          exactly(1),
        ).because("a closed socket in FIN-WAIT-1 still has to deliver the answer"),
        socketsAtEndOf("drain", { host: "server", state: "FIN-WAIT-1", owner: "none" }, exactly(0)).because(
          "an orphan is given up when its probes have backed off to the longest timer, though they were answered",
        ),
        socketsAtEndOf(
          "drain",
          { host: "server", state: "FIN-WAIT-1", timer: "persist", owner: ["listener", "process"] },
          exactly(1),
        ).because("for a process the kernel goes on probing while probes are answered"),
      ],
    },
    unwanted: {
      summary:
        "two closed sockets in FIN-WAIT-2, one of them with TCP_LINGER2 -1: the kernel does not keep it",
      setup: unwanted(),
      exact: [
        counterMoved({ host: "client", counter: "TcpExtTCPAbortOnLinger" }, exactly(1)).because(
          "the kernel counts each orphan that it does not keep",
        ),
        segmentsSeen({ from: "client", flags: ["RST"], phase: "load" }, exactly(1)).because(
          "the kernel does not wait for the other end's FIN: it sends a RST at once",
        ),
        socketsAtEndOf(
          "drain",
          { host: "client", state: "FIN-WAIT-2", timer: "timewait", owner: "none" },
          exactly(1),
        ).because("the other waits for its FIN, without a process"),
      ],
    },
  },
});
