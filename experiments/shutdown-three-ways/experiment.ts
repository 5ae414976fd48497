import {
  acknowledgedBytes,
  atLeast,
  calls,
  callsEnded,
  counterMoved,
  exactly,
  fact,
  quantity,
  recvBytes,
  segments,
  segmentsSeen,
  setupOf,
  type Bound,
  type ExactExpectation,
  type Recording,
  type Setup,
} from "../../harness/experiment.ts";

/** Bytes that the server has sent when the client shuts down, and bytes that it sends later. */
const EARLY = 97;
const LATE = 199;
/** Bytes that the client still has to send when it shuts down: more than leave at once. */
const BYTES = 97_000;
const ALL = EARLY + LATE;

function setup(client: string[], server: string[]): Setup {
  return setupOf({
    sysctls: {
      "net.ipv4.tcp_no_metrics_save": "1",
      "net.ipv4.tcp_rmem": "4096 131072 6291456",
      "net.ipv4.tcp_wmem": "4096 262144 4194304",
    },
    links: [{ kind: "wire", delayMs: 30 }],
    servers: { server: ["clients/calls", "listen 8080 4", "accept", ...server, "stay"] },
    clients: {
      client: { run: ["clients/calls", "connect {server}:8080", ...client], withinMs: 60_000 },
    },
    phases: { load: { exited: ["client"] }, drain: { elapsedMs: 300 } },
    everyMs: { sockets: 50, counters: 200, processes: 200 },
  });
}

/** At shutdown() there is data to read, more data comes later, and only then the client reads. */
function input(ways: string[]): Setup {
  return setup(
    ["wait 600", ...ways, "wait 2600", "recv end", "close"],
    [`send ${EARLY}`, "wait 2000", `send ${LATE}`, "close"],
  );
}

/** At shutdown() there is data to send, and the server reads to the end. */
function output(ways: string[]): Setup {
  return setup([`send ${BYTES}`, ...ways, "wait 2500", "close"], ["recv end", "close"]);
}

/** From the client's shutdown() to its first FIN. */
function finAfterMs(recording: Recording): number | null {
  const shut = calls(recording, { program: "client" }).find(({ call }) => call.startsWith("shutdown"));
  const [fin] = segments(recording, { from: "client", flags: ["FIN"] });
  return shut === undefined || fin === undefined ? null : (fin.atUs - shut.atUs) / 1000;
}

const read = (bytes: number, because: string): ExactExpectation =>
  quantity("bytes that the client read", recvBytes("client", 0), exactly(bytes)).because(because);

const acked = (bytes: number, because: string): ExactExpectation =>
  quantity("bytes that the client's end acknowledged", acknowledgedBytes(), exactly(bytes)).because(because);

const fin = (bound: Bound, because: string): ExactExpectation =>
  quantity(
    "milliseconds from shutdown() to the FIN",
    { needs: ["packet", "report"], of: finAfterMs },
    bound,
  ).because(because);

const resets = (bound: Bound, because: string): ExactExpectation =>
  segmentsSeen({ from: "client", flags: ["RST"] }, bound).because(because);

const delivered = callsEnded({ program: "server", call: "recv" }, BYTES, exactly(1)).because(
  "the written data is sent first, and the FIN after it",
);

const refused: ExactExpectation[] = [
  resets(atLeast(1), "reading is shut down and its FIN is sent: no program can get the new data"),
  counterMoved({ host: "client", counter: "TcpExtTCPAbortOnData" }, exactly(1)).because(
    "the kernel counts each such reset",
  ),
  acked(EARLY, "data before shutdown() was acknowledged, data after it was not"),
];

export const experiment = fact({
  id: "shutdown-three-ways",
  title: "shutdown() of reading, of writing, and of both",
  question: "What does each way do with data that has arrived, and with later data?",
  tags: ["close", "half-close", "wire"],
  variants: {
    read: {
      summary: "SHUT_RD, with unread input and more to come",
      setup: input(["shutdown read"]),
      exact: [
        read(ALL, "it discards nothing: recv() returns the earlier and the later data"),
        acked(ALL, "all data is acknowledged, as usual"),
        segmentsSeen({ from: "client", flags: ["FIN"], phase: "load" }, exactly(1)).because(
          "only close() sends a FIN",
        ),
        resets(exactly(0), "all was read"),
      ],
    },
    both: {
      summary: "SHUT_RDWR, with unread input and more to come",
      setup: input(["shutdown both"]),
      exact: refused,
    },
    "read-then-write": {
      summary: "SHUT_RD and SHUT_WR, one after the other, with unread input and more to come",
      setup: input(["shutdown read", "shutdown write"]),
      exact: refused,
    },
    "write-with-output": {
      summary: "SHUT_WR, with output still to be sent",
      setup: output(["shutdown write"]),
      exact: [
        delivered,
        fin(
          atLeast(60),
          "at least a round trip later: the rest of the data first waits for acknowledgements",
        ),
        resets(exactly(0), "nothing is lost"),
      ],
    },
    "both-with-output": {
      summary: "SHUT_RDWR, with output still to be sent",
      setup: output(["shutdown both"]),
      exact: [
        delivered,
        fin(atLeast(60), "as with SHUT_WR"),
        resets(exactly(0), "no data comes that could be refused"),
      ],
    },
  },
});
