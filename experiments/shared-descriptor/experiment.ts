import {
  atLeast,
  callsEnded,
  exactly,
  fact,
  segmentsSeen,
  setupOf,
  socketsAtEndOf,
  socketsShared,
  statesPassed,
  type ExactExpectation,
  type Setup,
  type TcpState,
} from "../../harness/experiment.ts";

/** One way: long enough for looks at every state. */
const ONE_WAY_MS = 50;
const LINE = 97;
/** For so long after its last call the server does nothing, and its child holds the connection. */
const HELD_MS = 1500;

/** The server gives a copy of its descriptor to a child, and does this when it has heard the client's FIN. */
function setup(ends: string[]): Setup {
  const before = ends.filter((call) => call.startsWith("set"));
  const after = ends.filter((call) => !call.startsWith("set"));
  const hears = [`recv ${LINE}`, "recv 1", "wait 300"];
  const serverCalls = ["listen 8080 4", "accept", ...before, "share", ...hears, ...after, "stay"];
  const clientCalls = ["connect {server}:8080", `send ${LINE}`, "wait 300", "shutdown write", "stay"];
  return setupOf({
    hosts: { client: { "net.ipv4.tcp_fin_timeout": "60" } },
    links: [{ kind: "wire", delayMs: ONE_WAY_MS }],
    servers: { server: { run: ["clients/calls", ...serverCalls], withinMs: 20_000 } },
    clients: { client: ["clients/calls", ...clientCalls] },
    phases: [
      {
        name: "load",
        until: { sockets: { host: "server", state: ["CLOSE-WAIT", "LAST-ACK"], port: 8080 }, atLeast: 1 },
        withinMs: 15_000,
      },
      { name: "drain", until: { elapsedMs: 300 + HELD_MS } },
    ],
    everyMs: { sockets: 20, counters: 500, processes: 100 },
  });
}

const waiting = { host: "server", state: "CLOSE-WAIT", side: "listener", port: 8080 } as const;

const shared = socketsShared({ host: "server" }, atLeast(1)).because(
  "the child was given a copy of the descriptor, and a socket does not know how many copies there are",
);

/** What the server's kernel has sent with a flag while nobody ended the programs. */
const sent = (flag: "FIN" | "RST", count: number, because: string): ExactExpectation =>
  segmentsSeen({ from: "server", flags: [flag], phase: "drain" }, exactly(count)).because(because);

const server = (states: TcpState[], because: string): ExactExpectation =>
  statesPassed({ host: "server" }, ["SYN-RECEIVED", "ESTABLISHED", "CLOSE-WAIT", ...states]).because(because);

/** Nothing left the server, and the child has it. */
const silent = (call: string, because: string): ExactExpectation[] => [
  shared,
  callsEnded({ program: "server", call }, 0, exactly(1)).because("the call does what it says, and returns"),
  sent("FIN", 0, because),
  sent("RST", 0, because),
  socketsAtEndOf("drain", waiting, exactly(1)).because(because),
];

/** Descriptors that the two processes of the server have of the connection at the end of the drain. */
const holders = (owner: "process" | "shared", because: string): ExactExpectation =>
  socketsAtEndOf("drain", { ...waiting, owner }, exactly(1)).because(because);

export const experiment = fact({
  id: "shared-descriptor",
  title: "One connection, two descriptors: what each call says to the other end",
  question: "Which calls end a connection that another process holds too?",
  tags: ["close", "close-wait", "processes", "descriptors", "wire"],
  variants: {
    close: {
      summary: "the server closes its descriptor",
      setup: setup(["close"]),
      exact: [
        ...silent("close", "close() gives one of two descriptors back, and TCP is not told"),
        holders("process", "the child alone has it now, and does not serve it"),
      ],
    },
    "linger-zero": {
      summary: "the server has set SO_LINGER {1, 0}, and closes its descriptor",
      setup: setup(["set SO_LINGER 0", "close"]),
      exact: [
        ...silent("close", "SO_LINGER is heeded by the last close(), and this one is not it"),
        holders("process", "the child alone has it now, and does not serve it"),
      ],
    },
    "shutdown-write": {
      summary: "the server shuts its own direction down",
      setup: setup(["shutdown write"]),
      exact: [
        shared,
        sent("FIN", 1, "shutdown() acts on the connection, and not on a descriptor"),
        server(["LAST-ACK", "CLOSED"], "both directions have ended, though two processes hold the socket"),
        socketsAtEndOf("drain", waiting, exactly(0)).because("it is no wait for close() any more"),
      ],
    },
    "shutdown-both": {
      summary: "the server shuts both directions down",
      setup: setup(["shutdown both"]),
      exact: [
        shared,
        sent("FIN", 1, "one of the two is the sending direction"),
        server(["LAST-ACK", "CLOSED"], "both directions have ended, though two processes hold the socket"),
      ],
    },
    "shutdown-read": {
      summary: "the server shuts the receiving direction down",
      setup: setup(["shutdown read"]),
      exact: [
        ...silent("shutdown(SHUT_RD)", "there is no segment that says: I do not read"),
        holders("shared", "both have it as before"),
      ],
    },
  },
});
