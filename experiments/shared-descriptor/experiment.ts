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
/** How long, after its last call, the server does nothing while its child holds the connection. */
const HELD_MS = 1500;

/** The server gives a copy of its descriptor to a child, and makes these calls after the client's FIN. */
function setup(ends: string[]): Setup {
  const before = ends.filter((call) => call.startsWith("set"));
  const after = ends.filter((call) => !call.startsWith("set"));
  const readsToEnd = [`recv ${LINE}`, "recv 1", "wait 300"];
  const serverCalls = ["listen 8080 4", "accept", ...before, "share", ...readsToEnd, ...after, "stay"];
  const clientCalls = ["connect {server}:8080", `send ${LINE}`, "wait 300", "shutdown write", "stay"];
  return setupOf({
    hosts: { client: { "net.ipv4.tcp_fin_timeout": "60" } },
    links: [{ kind: "wire", delayMs: ONE_WAY_MS }],
    servers: { server: { run: ["clients/calls", ...serverCalls], withinMs: 20_000 } },
    clients: { client: ["clients/calls", ...clientCalls] },
    phases: {
      load: {
        until: { sockets: { host: "server", state: ["CLOSE-WAIT", "LAST-ACK"], port: 8080 }, atLeast: 1 },
        withinMs: 15_000,
      },
      drain: { elapsedMs: 300 + HELD_MS },
    },
    everyMs: { sockets: 20, counters: 500, processes: 100 },
  });
}

const waiting = { host: "server", state: "CLOSE-WAIT", side: "listener", port: 8080 } as const;

const shared = socketsShared({ host: "server" }, atLeast(1)).because(
  "the child has a copy of the descriptor, so the socket stays open",
);

/** Segments with a flag that the server's kernel sent before the programs were stopped. */
const sent = (flag: "FIN" | "RST", count: number, because: string): ExactExpectation =>
  segmentsSeen({ from: "server", flags: [flag], phase: "drain" }, exactly(count)).because(because);

const server = (states: TcpState[], because: string): ExactExpectation =>
  statesPassed({ host: "server" }, ["SYN-RECEIVED", "ESTABLISHED", "CLOSE-WAIT", ...states]).because(because);

/** Nothing left the server, and the child holds the connection. */
const silent = (call: string, because: string): ExactExpectation[] => [
  shared,
  callsEnded({ program: "server", call }, 0, exactly(1)).because("the call succeeds"),
  sent("FIN", 0, because),
  sent("RST", 0, because),
  socketsAtEndOf("drain", waiting, exactly(1)).because(because),
];

/** Which of the server's two processes have a descriptor of the connection at the end of the drain. */
const holders = (owner: "process" | "shared", because: string): ExactExpectation =>
  socketsAtEndOf("drain", { ...waiting, owner }, exactly(1)).because(because);

export const experiment = fact({
  id: "shared-descriptor",
  title: "One connection, two descriptors: what each call sends to the other end",
  question: "Which calls end a connection that another process holds too?",
  tags: ["close", "close-wait", "processes", "descriptors", "wire"],
  variants: {
    close: {
      summary: "the server closes its descriptor",
      setup: setup(["close"]),
      exact: [
        ...silent("close", "close() gives back one of two descriptors, and TCP does not learn of it"),
        holders("process", "now only the child has it, and does not serve it"),
      ],
    },
    "linger-zero": {
      summary: "the server has set SO_LINGER {1, 0}, and closes its descriptor",
      setup: setup(["set SO_LINGER 0", "close"]),
      exact: [
        ...silent("close", "only the last close() checks SO_LINGER, and this is not the last"),
        holders("process", "now only the child has it, and does not serve it"),
      ],
    },
    "shutdown-write": {
      summary: "the server shuts its own direction down",
      setup: setup(["shutdown write"]),
      exact: [
        shared,
        sent("FIN", 1, "shutdown() acts on the connection, not on a descriptor"),
        server(["LAST-ACK", "CLOSED"], "both directions have ended, though two processes hold the socket"),
        socketsAtEndOf("drain", waiting, exactly(0)).because(
          "the FIN has been sent, so the connection no longer waits for close()",
        ),
      ],
    },
    "shutdown-both": {
      summary: "the server shuts both directions down",
      setup: setup(["shutdown both"]),
      exact: [
        shared,
        sent("FIN", 1, "the sending direction is one of the two"),
        server(["LAST-ACK", "CLOSED"], "both directions have ended, though two processes hold the socket"),
      ],
    },
    "shutdown-read": {
      summary: "the server shuts the receiving direction down",
      setup: setup(["shutdown read"]),
      exact: [
        ...silent("shutdown(SHUT_RD)", "no segment exists that means: I do not read"),
        holders("shared", "both processes have it as before"),
      ],
    },
  },
});
