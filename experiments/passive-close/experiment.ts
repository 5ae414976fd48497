import {
  allOver,
  atLeast,
  callsEnded,
  exactly,
  fact,
  neverSeen,
  quantity,
  segmentsSeen,
  setupOf,
  socketsAtPeak,
  statesPassed,
  timeBetween,
  type ExactExpectation,
  type Setup,
  type TcpState,
} from "../../harness/experiment.ts";

/** One way: long enough for looks at every state. */
const ONE_WAY_MS = 50;
/** Bytes of the client's request, of the server's late answer, and of an answer that does not fit into a small window. */
const LINE = 97;
const ANSWER = 997;
const MUCH = 23_000;

/** What the server does after accept(), and what the client does after connect(). */
function setup(server: string[], client: string[]): Setup {
  return setupOf({
    hosts: {
      client: { "net.ipv4.tcp_fin_timeout": "60" },
      // The kernel takes a long answer at once, so close() is called when nearly nothing of it has left.
      server: { "net.ipv4.tcp_wmem": "4096 262144 262144" },
    },
    links: [{ kind: "wire", delayMs: ONE_WAY_MS }],
    servers: {
      server: { run: ["clients/calls", "listen 8080 4", "accept", ...server, "stay"], withinMs: 20_000 },
    },
    clients: { client: ["clients/calls", ...client] },
    phases: { load: { exited: ["client"] }, drain: { until: allOver(8080), withinMs: 10_000 } },
    everyMs: { sockets: 20, counters: 500, processes: 100 },
  });
}

const asks = ["connect {server}:8080", `send ${LINE}`, "wait 200"];
const reads = ["recv end", "close"];
/** The line, and then the end of the file. */
const readsToEnd = [`recv ${LINE}`, "recv 1"];

const endOfFile: ExactExpectation = callsEnded({ program: "server", call: "recv" }, 0, exactly(1)).because(
  "end-of-file is no error: recv() returns 0, and errno stays as it was",
);

const sent = (result: number | string, because: string): ExactExpectation =>
  callsEnded({ program: "server", call: "send" }, result, exactly(1)).because(because);

const fins = (count: number, because: string): ExactExpectation =>
  segmentsSeen({ from: "server", flags: ["FIN"] }, exactly(count)).because(because);

const resets = (count: number, because: string): ExactExpectation =>
  segmentsSeen({ from: "server", flags: ["RST"] }, exactly(count)).because(because);

const server = (states: TcpState[], because: string): ExactExpectation =>
  statesPassed({ host: "server" }, ["SYN-RECEIVED", "ESTABLISHED", "CLOSE-WAIT", ...states]).because(because);

const lastAckBeforeFin = timeBetween(
  { seen: "LAST-ACK", at: "server" },
  { segment: { from: "server", flags: ["FIN"] }, is: "sent" },
);

export const experiment = fact({
  id: "passive-close",
  title: "What a program can do after the other end's FIN",
  question: "What does a FIN change for the program that gets it, and when does its own FIN leave?",
  tags: ["close", "close-wait", "last-ack", "wire"],
  variants: {
    "answer-then-close": {
      summary: "the client shuts its direction down; the server answers half a second later, and closes",
      setup: setup(
        [...readsToEnd, "wait 500", `send ${ANSWER}`, "wait 500", "close"],
        [...asks, "shutdown write", ...reads],
      ),
      exact: [
        endOfFile,
        sent(ANSWER, "the other direction is as open as before"),
        server(["LAST-ACK", "CLOSED"], "the FIN leaves with close(), not before"),
        fins(1, "close() sends it"),
        resets(0, "the client read everything"),
        callsEnded({ program: "client", call: "recv" }, ANSWER, exactly(1)).because("nothing was lost"),
      ],
    },
    "peer-closed": {
      summary: "the client closes, and the server answers as if it had not",
      setup: setup(
        [...readsToEnd, "wait 500", `send ${ANSWER}`, "wait 500", `send ${LINE}`, "recv 1", "close"],
        [...asks, "close", "wait 1000"],
      ),
      exact: [
        callsEnded({ program: "server", call: "recv" }, 0, atLeast(1)).because(
          "the same FIN: this end cannot tell close() from shutdown()",
        ),
        sent(ANSWER, "the kernel takes it: no RST has come yet"),
        sent("EPIPE", "the RST that answered the first bytes has come"),
        server(["CLOSED"], "a RST ends it"),
        fins(0, "the connection was over before close()"),
      ],
    },
    "nobody-reads": {
      summary:
        "the server answers with more than the client takes, and closes; the client reads a second later",
      setup: setup(
        [...readsToEnd, `offer ${MUCH}`, "wait 500", "close"],
        ["set SO_RCVBUF 4096", ...asks, "shutdown write", "wait 1500", ...reads],
      ),
      exact: [
        endOfFile,
        sent(MUCH, "the kernel takes all of it"),
        server(["LAST-ACK", "CLOSED"], "close() leads to LAST-ACK, whatever is still to be sent"),
        quantity("ms of LAST-ACK before the FIN came to the wire", lastAckBeforeFin, atLeast(500)).because(
          "the FIN follows the last byte, which the closed window holds back",
        ),
        callsEnded({ program: "client", call: "recv" }, MUCH, exactly(1)).because("nothing was lost"),
      ],
    },
    "shut-down": {
      summary: "the server shuts its direction down instead of closing, and keeps the descriptor for a while",
      setup: setup(
        [...readsToEnd, "wait 500", "shutdown write", "wait 500", "close"],
        [...asks, "shutdown write", ...reads, "wait 1000"],
      ),
      exact: [
        endOfFile,
        server(["LAST-ACK", "CLOSED"], "for TCP, shutdown() of the sending direction is the close"),
        fins(1, "shutdown() sends it; close() sends nothing more"),
      ],
    },
    "linger-zero": {
      summary: "the server has set SO_LINGER {1, 0}, and closes two seconds later",
      setup: setup(
        ["set SO_LINGER 0", ...readsToEnd, "wait 2000", "close"],
        [...asks, "shutdown write", ...reads],
      ),
      exact: [
        endOfFile,
        server(["CLOSED"], "the option takes effect at close(), which ends CLOSE-WAIT"),
        fins(0, "close() sends a RST instead"),
        resets(1, "with SO_LINGER {1, 0} close() is a RST, in CLOSE-WAIT too"),
        neverSeen({ host: "server", state: "LAST-ACK" }).because("after a RST this end does not wait"),
        socketsAtPeak({ host: "server", state: "CLOSE-WAIT", timer: "none" }, exactly(1)).because(
          "until then it is a CLOSE-WAIT like any other",
        ),
      ],
    },
    unread: {
      summary: "the server closes, and has not read what came before the FIN",
      setup: setup(["wait 1000", "close"], [...asks, "shutdown write", ...reads]),
      exact: [
        server(["CLOSED"], "close() with unread input is a RST, in CLOSE-WAIT too"),
        fins(0, "close() sends a RST instead"),
        resets(1, "the peer's bytes were discarded, and the RST reports that"),
        callsEnded({ program: "client", call: "recv" }, "ECONNRESET", exactly(1)).because(
          "the peer waited for an answer, and its recv() fails",
        ),
      ],
    },
  },
});
