import {
  atLeast,
  attemptsOk,
  counterStill,
  exactly,
  failureMode,
  outcomes,
  percentile,
  quantity,
  segments,
  segmentsSeen,
  setupOf,
  socketsAtEndOf,
  type ExactExpectation,
  type Recording,
  type Setup,
} from "../../harness/experiment.ts";
import { advice, signs } from "./advice.ts";

const CLIENTS = 23;

function setup(server: string): Setup {
  return setupOf({
    // TIME-WAIT is counted: no port may be used again.
    sysctls: { "net.ipv4.tcp_tw_reuse": "0" },
    links: [{ kind: "wire" }],
    servers: { server: `close-delimited-truncation/${server} --port 8080` },
    clients: { load: `clients/short-http --to {server}:8080 --attempts ${CLIENTS} --rate 47` },
    phases: { load: { exited: ["load"] }, drain: { elapsedMs: 300 } },
    tcpInfo: true,
  });
}

/** Half of a list of 8865 bytes. */
const HALF = 4432;

/** The bytes of an answer that the server sent, of all connections the median; a retransmission counts once. */
function sentBytes(recording: Recording): number | null {
  const answers = new Map<number, Map<number, number>>();
  for (const { connection, sequence, payloadBytes } of segments(recording, {
    from: "server",
    payload: "some",
  })) {
    const sent = answers.get(connection) ?? new Map<number, number>();
    answers.set(connection, sent.set(sequence, payloadBytes));
  }
  return percentile(
    [...answers.values()].map((sent) => [...sent.values()].reduce((sum, bytes) => sum + bytes, 0)),
    50,
  );
}

/** `head`: the bytes of head and frame around the half list. */
function sameEnd(head: number): ExactExpectation[] {
  return [
    quantity("bytes sent in each answer", { needs: ["packet"], of: sentBytes }, exactly(head + HALF)).because(
      "the list has twice as many, and is read to the middle",
    ),
    segmentsSeen({ from: "server", flags: ["FIN"], untilEnd: true }, atLeast(CLIENTS)).because(
      "the server closes, and its kernel sends what was written and then a FIN",
    ),
    segmentsSeen({ from: "server", flags: ["RST"], untilEnd: true }, exactly(0)).because(
      "nothing was unread",
    ),
    socketsAtEndOf(
      "drain",
      { host: "server", state: "TIME-WAIT", side: "listener" },
      exactly(CLIENTS),
    ).because("the server closed first, as it does behind a whole answer without a length"),
    counterStill({ host: "client", counter: "TcpEstabResets" }).because("for TCP nothing went wrong"),
  ];
}

const noticed = outcomes({ program: "load" }, "response truncated", exactly(CLIENTS));

export const experiment = failureMode({
  id: "close-delimited-truncation",
  title: "Half an answer that nobody recognises as a half",
  question: "How does a client know that an answer which ends with its connection is whole?",
  tags: ["http", "close", "data-loss", "wire"],
  signs,
  advice,
  variants: {
    buggy: {
      summary: "the end of the connection is the end of the answer",
      setup: setup("buggy"),
      exact: [
        ...sameEnd(38),
        attemptsOk({ program: "load" }, exactly(CLIENTS)).because(
          "without a length, a FIN is the end of the answer, wherever it comes",
        ),
      ],
    },
    fixed: {
      summary: "the answer has a Content-Length",
      setup: setup("fixed"),
      exact: [
        ...sameEnd(60),
        noticed.because("the end of the connection comes before the end of the answer"),
      ],
    },
    "fixed-by-chunks": {
      summary: "the answer is sent in chunks",
      setup: setup("fixed-by-chunks"),
      exact: [...sameEnd(74), noticed.because("the empty chunk that ends an answer never comes")],
    },
  },
  symptom: [],
  overlaps: {},
  visible: {
    as: "no",
    because:
      "TCP ends a cut answer as it ends a whole one: the same states, queues and counters, at both ends. Only the program knows how long the answer should be",
    zh: "TCP 结束一个被截断的应答，和结束一个完整的应答一样：两端的状态、队列和计数器都相同。只有程序知道应答该有多长",
  },
});
