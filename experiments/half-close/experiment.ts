import {
  allOver,
  callsEnded,
  exactly,
  fact,
  neverSeen,
  quantity,
  samplesOf,
  segmentsSeen,
  setupOf,
  socketsAtEndOf,
  socketsAtPeak,
  statesPassed,
  type ExactExpectation,
  type Recording,
  type Setup,
  type TcpState,
} from "../../harness/experiment.ts";

const ONE_WAY_MS = 100;
/** The request, and each of the two parts of the answer. */
const REQUEST = 97;
const PART = 997;

/** Each part is sent long after the client's action has arrived. The parts are far enough apart for a RST to return between them. */
const PART_LATER = ["wait 400", `send ${PART}`];

/** What the client does when its request is sent. */
function setup(ends: "shutdown write" | "shutdown read" | "close"): Setup {
  return setupOf({
    hosts: { client: { "net.ipv4.tcp_fin_timeout": "60" } },
    links: [{ kind: "wire", delayMs: ONE_WAY_MS }],
    servers: {
      server: [
        "clients/calls",
        "listen 8080 4",
        "accept",
        `recv ${REQUEST}`,
        ...PART_LATER,
        ...PART_LATER,
        "close",
        "stay",
      ],
    },
    clients: {
      // The client reads when all of the answer has come: recv() shows what has arrived, and does not wait.
      client: [
        "clients/calls",
        "connect {server}:8080",
        `send ${REQUEST}`,
        "wait 150",
        ends,
        "wait 1300",
        "recv end",
        ...(ends === "close" ? [] : ["close"]),
      ],
    },
    phases: { load: { exited: ["client"] }, drain: { until: allOver(8080), withinMs: 10_000 } },
    everyMs: { sockets: 20, listeners: 500, counters: 500, processes: 100 },
  });
}

/** Bytes that the server put on the wire after the client's FIN; 0 without such a FIN. */
function bytesAfterFin(recording: Recording): number {
  const packets = samplesOf(recording, "packet");
  const fin = packets.find(({ from, flags }) => from === "client" && flags.includes("FIN"));
  const after = packets.filter(({ from, atUs }) => from === "server" && atUs > (fin?.atUs ?? Infinity));
  return after.reduce((sum, { payloadBytes }) => sum + payloadBytes, 0);
}

const afterFin = (bytes: number, because: string): ExactExpectation =>
  quantity(
    "bytes from the server after the client's FIN",
    { needs: ["packet"], of: bytesAfterFin },
    exactly(bytes),
  ).because(because);

const read = (bytes: number | string, because: string): ExactExpectation =>
  callsEnded({ program: "client", call: "recv" }, bytes, exactly(1)).because(because);

const sent = (result: number | string, times: number, because: string): ExactExpectation =>
  callsEnded({ program: "server", call: "send" }, result, exactly(times)).because(because);

const resets = (times: number, because: string): ExactExpectation =>
  segmentsSeen({ from: "client", flags: ["RST"] }, exactly(times)).because(because);

const client = (states: TcpState[], because: string): ExactExpectation =>
  statesPassed({ host: "client" }, ["SYN-SENT", "ESTABLISHED", ...states]).because(because);

const server = (states: TcpState[], because: string): ExactExpectation =>
  statesPassed({ host: "server" }, ["SYN-RECEIVED", "ESTABLISHED", ...states]).because(because);

export const experiment = fact({
  id: "half-close",
  title: "One direction ends, the other goes on",
  question: "What can still be received after shutdown(), and after close()?",
  tags: ["close", "half-close", "wire"],
  variants: {
    "shutdown-write": {
      summary: "the client ends its own direction, and reads the answer",
      setup: setup("shutdown write"),
      exact: [
        sent(PART, 2, "the FIN ended the other direction, not this one"),
        afterFin(2 * PART, "an end in CLOSE-WAIT can send as in ESTABLISHED"),
        read(2 * PART, "an end in FIN-WAIT-2 can receive as in ESTABLISHED"),
        client(
          ["FIN-WAIT-1", "FIN-WAIT-2", "TIME-WAIT"],
          "its FIN is acknowledged long before the server's FIN comes",
        ),
        server(
          ["CLOSE-WAIT", "LAST-ACK", "CLOSED"],
          "it stays in CLOSE-WAIT until it closes, after the answer",
        ),
        socketsAtPeak(
          { host: "client", state: "FIN-WAIT-2", timer: "none", owner: "process" },
          exactly(1),
        ).because("a FIN-WAIT-2 that a process holds has no timer: its wait has no limit"),
        resets(0, "the client read everything"),
      ],
    },
    close: {
      summary: "the client closes, and no process can read the answer",
      setup: setup("close"),
      exact: [
        sent(PART, 1, "the kernel takes the first part: no RST has come yet"),
        sent("EPIPE", 1, "the RST that answered the first part has come"),
        afterFin(PART, "the second part never leaves"),
        read("EBADF", "close() has given the descriptor back: there is nothing to read from"),
        resets(1, "data came for a connection that no process can read from"),
        client(["FIN-WAIT-1", "FIN-WAIT-2", "CLOSED"], "the server's data ends it, not the server's FIN"),
        server(["CLOSE-WAIT", "CLOSED"], "a RST ends it at once"),
        socketsAtPeak(
          { host: "client", state: "FIN-WAIT-2", timer: "timewait", owner: "none" },
          exactly(1),
        ).because("a FIN-WAIT-2 that no process holds has a timer, of tcp_fin_timeout"),
        neverSeen({ state: "TIME-WAIT" }).because("after a RST no end waits"),
      ],
    },
    "shutdown-read": {
      summary: "the client shuts down reading, and its kernel sends nothing",
      setup: setup("shutdown read"),
      exact: [
        sent(PART, 2, "the server does not learn of it"),
        read(2 * PART, "received data is kept, and recv() returns it as before"),
        afterFin(0, "the client's only FIN comes from its close(), after the server has closed"),
        client(["CLOSE-WAIT", "LAST-ACK", "CLOSED"], "the server closes first"),
        server(["FIN-WAIT-1", "FIN-WAIT-2", "TIME-WAIT"], "the server closes first"),
        resets(0, "everything was read"),
        socketsAtEndOf("drain", { host: "server", state: "TIME-WAIT", port: 8080 }, exactly(1)).because(
          "the server closes first",
        ),
      ],
    },
  },
});
