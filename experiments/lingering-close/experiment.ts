import {
  atLeast,
  between,
  callsEnded,
  counterMoved,
  counterStill,
  exactly,
  fact,
  mark,
  quantity,
  recvBytes,
  segmentsSeen,
  setupOf,
  socketsAtEndOf,
  socketsStay,
  times,
  type Bound,
  type Condition,
  type ExactExpectation,
  type Setup,
  type WireRule,
} from "../../harness/experiment.ts";

/** The first bytes of an upload, after which the server refuses it, and the rest of it. */
const HEAD_BYTES = 97;
const BODY_BYTES = 47_000;
/** A page to explain the refusal, and a line. */
const PAGE_BYTES = 97_000;
const LINE_BYTES = 97;
/** How often the client that does not stop goes on sending, every 200 ms: for longer than the trial lasts. */
const DRIPS = 37;

/** Holds the body back until the server has answered, as a long path would. */
function keepBack(port: number): WireRule {
  return {
    name: `body to ${port}`,
    match: { from: "client", payload: "some", port, nth: { from: 2, to: null } },
    do: { holdUntil: "answered" },
  };
}

/** What both clients do first. */
const upload = (port: number): string[] => [
  `connect {server}:${port}`,
  `send ${HEAD_BYTES}`,
  `send ${BODY_BYTES}`,
  "recv end",
];

const isAnswered = (port: number): Condition => ({
  sockets: { host: "server", state: ["FIN-WAIT-1", "FIN-WAIT-2"], port },
  atLeast: 1,
});

function setup(server: string): Setup {
  const drips = times(DRIPS, [`send ${HEAD_BYTES}`, "wait 200"]);
  return setupOf({
    sysctls: { "net.ipv4.tcp_no_metrics_save": "1", "net.ipv4.tcp_rmem": "4096 131072 6291456" },
    hosts: {
      // The client's send buffer is small, so send() waits until most of the body is acknowledged.
      client: { "net.ipv4.tcp_wmem": "4096 16384 16384" },
      // The server's is large, so the kernel takes the page at once, and close() follows immediately.
      server: { "net.ipv4.tcp_wmem": "4096 262144 4194304", "net.ipv4.tcp_fin_timeout": "60" },
    },
    links: [{ kind: "wire", delayMs: 100, rules: [keepBack(8080), keepBack(8081)] }],
    servers: {
      page: `${server} --port 8080 --answer ${PAGE_BYTES}`,
      line: `${server} --port 8081 --answer ${LINE_BYTES}`,
    },
    clients: {
      upload: ["clients/calls", ...upload(8080), "close"],
      endless: { run: ["clients/calls", ...upload(8081), ...drips], withinMs: 60_000 },
    },
    phases: { load: { heldForMs: 2500, condition: { exited: ["upload"] } }, drain: { elapsedMs: 500 } },
    interventions: [mark("answered", { all: [8080, 8081].map(isAnswered) })],
    everyMs: { sockets: 50, listeners: 1000, counters: 500, processes: 500 },
  });
}

/** Bytes of the page that its client received. */
const received = (bound: Bound, reason: string): ExactExpectation =>
  quantity("bytes of the page received", recvBytes("upload", "last"), bound).because(reason);

/** What both ways of draining have in common. */
const arrived = [
  callsEnded({ program: "upload", call: "send" }, BODY_BYTES, exactly(1)).because(
    "the body was read to its end, and discarded",
  ),
  callsEnded({ program: "upload", call: "recv" }, PAGE_BYTES, exactly(1)).because("the whole page arrived"),
  callsEnded({ program: "endless", call: "send" }, BODY_BYTES, exactly(1)).because(
    "the other client's body was read too, though its answer was only a line",
  ),
  callsEnded({ program: "endless", call: "recv" }, LINE_BYTES, exactly(1)).because(
    "the client has the answer and a FIN after it, and could stop",
  ),
];
const endless = { host: "server", state: "FIN-WAIT-2", side: "listener", port: 8081 } as const;

export const experiment = fact({
  id: "lingering-close",
  title: "Refusing an upload so that the answer arrives",
  question: "How does a server close on a client that is still sending?",
  tags: ["reset", "close", "wire"],
  variants: {
    "close-at-once": {
      summary: "answers, and closes",
      setup: setup("lingering-close/close-at-once"),
      exact: [
        callsEnded({ program: "upload", call: "send" }, "ECONNRESET", exactly(1)).because(
          "the body arrived at a socket without a reader, and was answered with a RST",
        ),
        received(
          between(1, PAGE_BYTES - 1),
          "the part of the page that was unsent when the body came was discarded",
        ),
        callsEnded({ program: "upload", call: "recv" }, "ECONNRESET", exactly(0)).because(
          "send() has consumed the error: recv() returns the arrived data and then end-of-file, as if that were all",
        ),
        callsEnded({ program: "endless", call: "send" }, "EPIPE", atLeast(1)).because(
          "the line and the FIN had come before the RST: in CLOSE-WAIT the error is EPIPE",
        ),
        callsEnded({ program: "endless", call: "recv" }, LINE_BYTES, exactly(1)).because(
          "on Linux data that arrived before a RST stays readable",
        ),
        counterMoved({ host: "server", counter: "TcpExtTCPAbortOnData" }, atLeast(1)).because(
          "data came for a socket that the program had closed",
        ),
        counterStill({ host: "server", counter: "TcpExtTCPAbortOnClose" }).because(
          "all data that had arrived before close() was read",
        ),
        counterStill({ host: "server", counter: "TcpEstabResets" }).because("the sockets were in FIN-WAIT-1"),
      ],
    },
    drain: {
      summary: "answers, shuts down, and reads until the client closes",
      setup: setup("lingering-close/drain"),
      exact: [
        ...arrived,
        segmentsSeen({ flags: ["RST"], phase: "load" }, exactly(0)).because(
          "a process read all data that arrived",
        ),
        socketsStay({ ...endless, timer: "none", owner: "listener" }, exactly(1), { forMs: 2000 }).because(
          "FIN-WAIT-2 has a timer only when no process holds the socket: this client decides when it ends",
        ),
        socketsAtEndOf("drain", endless, exactly(1)).because("this client has not closed yet"),
      ],
    },
    "drain-with-bound": {
      summary: "answers, shuts down, and reads until the client closes, for 2 s at most",
      setup: setup("lingering-close/drain-with-bound"),
      exact: [
        ...arrived,
        segmentsSeen({ from: "server", flags: ["RST"], phase: "load" }, atLeast(1)).because(
          "after 2 s the server closes, and the next bytes have no reader",
        ),
        callsEnded({ program: "endless", call: "send" }, "EPIPE", atLeast(1)).because(
          "the RST stops the client that went on sending",
        ),
        socketsAtEndOf("drain", endless, exactly(0)).because(
          "the descriptor is free, whatever the client does",
        ),
      ],
    },
  },
});
