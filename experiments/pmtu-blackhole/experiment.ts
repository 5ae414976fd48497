import {
  atLeast,
  atMost,
  attemptsOk,
  exactly,
  failureMode,
  mostReckoned,
  outcomes,
  quantity,
  segments,
  segmentsSeen,
  setupOf,
  socketsStay,
  type Evidence,
  type ExactExpectation,
  type Recording,
  type Setup,
  type SocketExample,
  type Sockets,
} from "../../harness/experiment.ts";
import { advice, signs } from "./advice.ts";

/** Requests for the page, and for the short answer meanwhile. */
const PAGES = 11;
const SHORT = 11;
/** How long a client waits for its page. */
const PATIENCE_MS = 4000;
/** A link with an MTU of 1400, less 20 bytes for IP and 32 for TCP with timestamps: what a segment can carry over it. */
const CARRIED = 1400 - 20 - 32;
const STAY_MS = 1500;
/** Repetitions without an acknowledgement of anything new: after the third a second and a half has gone by. */
const REPEATED = 3;

function setup(program: string, probing = 0): Setup {
  return setupOf({
    hosts: {
      server: {
        "net.ipv4.tcp_mtu_probing": String(probing),
        // When the kernel begins to doubt the path: after 0.6 s instead of 3 s, which is the default.
        "net.ipv4.tcp_retries1": "1",
        "net.ipv4.tcp_sack": "1",
      },
      client: { "net.ipv4.tcp_sack": "1" },
    },
    links: [
      {
        kind: "wire",
        rules: [{ name: "too large", match: { payloadAtLeast: CARRIED + 1 }, do: { drop: true } }],
      },
    ],
    servers: {
      server: { run: `python3 {here}/${program}.py 8080`, listens: 8080 },
      sink: ["clients/calls", "listen 8081 4", "accept", "recv 97", "stay"],
    },
    clients: {
      health: `clients/short-http --to {server}:8080 --path /health --attempts ${SHORT} --rate 5`,
      pages: `clients/short-http --to {server}:8080 --path /page --attempts ${PAGES} --concurrency ${PAGES} --timeout-ms ${PATIENCE_MS}`,
      // In every variant the path is the same: this asks it.
      probe: ["clients/calls", "connect {server}:8081", "send 4999", "wait 300", "set SO_LINGER 0", "close"],
    },
    phases: { load: { exited: ["health", "pages", "probe"] }, drain: { elapsedMs: 300 } },
    tcpInfo: true,
  });
}

/** Data that was sent, and is not acknowledged, or not all of it. */
const unacknowledged = {
  state: ["ESTABLISHED", "CLOSE-WAIT", "FIN-WAIT-1", "LAST-ACK"],
  sendQueue: "holding",
  timer: "on",
} as const satisfies Sockets;

/**
 * Whether a socket repeats large segments that never arrive, while a later one has arrived: the peer says so with SACK. Which of them are large
 * is not known of each, but of all that are under way together.
 */
function losesLargeOnes({ retransmits, sendQueueBytes, tcpInfo }: SocketExample): boolean | null {
  if (retransmits < REPEATED) return false;
  if (tcpInfo === undefined) return null;
  const { unacked, sacked, notSentBytes, sendMssBytes } = tcpInfo;
  const underWay = sendQueueBytes - (notSentBytes ?? 0);
  if (unacked === 0 || underWay / unacked <= sendMssBytes / 2) return false;
  if (sacked === undefined || notSentBytes === undefined) return null;
  return sacked > 0 && sacked < unacked;
}

const blackholed = (evidence: Evidence): number | null =>
  mostReckoned(evidence, unacknowledged, losesLargeOnes);

/** The largest payload of the server that came through. */
function largestPassed(recording: Recording): number | null {
  const passed = segments(recording, { from: "server", payload: "some", fate: "passed" });
  return passed.length === 0 ? null : Math.max(...passed.map(({ payloadBytes }) => payloadBytes));
}

const path: ExactExpectation[] = [
  segmentsSeen({ from: "client", payload: "some", fate: "dropped", rule: "too large" }, atLeast(1)).because(
    "the path is the same in every variant: it carries no packet of more than 1400 bytes, and sends no ICMP",
  ),
  attemptsOk({ program: "health" }, exactly(SHORT)).because("a short answer is a short segment"),
];

const all = attemptsOk({ program: "pages" }, exactly(PAGES));

export const experiment = failureMode({
  id: "pmtu-blackhole",
  title: "Small answers arrive, and large ones do not",
  question: "What does a sender see when the path drops large packets and does not report it?",
  tags: ["mtu", "retransmission", "wire", "http", "python"],
  signs,
  advice,
  variants: {
    buggy: {
      summary: "segments as large as both ends allow",
      setup: setup("buggy"),
      exact: [
        ...path,
        outcomes({ program: "pages" }, "response timeout", exactly(PAGES)).because(
          "the beginning of the page never arrives, and its end is of no use without it",
        ),
        socketsStay({ host: "server", port: 8080, ...unacknowledged, owner: "listener" }, exactly(PAGES), {
          forMs: STAY_MS,
        }).because("what is not acknowledged is repeated, at intervals that double"),
        segmentsSeen(
          { from: "server", fate: "dropped", rule: "too large" },
          atLeast(PAGES * REPEATED),
        ).because("the same segments are sent again, of the same size"),
        quantity(
          "bytes of payload in the largest segment of the server that arrives",
          { needs: ["packet"], of: largestPassed },
          atMost(CARRIED),
        ).because("short answers and the last segment of each page get through"),
      ],
    },
    fixed: {
      summary: "the program asks for segments of at most 1200 bytes, with TCP_MAXSEG",
      setup: setup("fixed"),
      exact: [
        ...path,
        all.because("no segment is larger than what the path carries"),
        segmentsSeen({ from: "server", fate: "dropped" }, exactly(0)).because(
          "the MSS of a SYN limits the other end, and TCP_MAXSEG also this one",
        ),
      ],
    },
    "fixed-by-probing": {
      summary: "tcp_mtu_probing = 1: the kernel tries smaller segments when large ones are lost",
      setup: setup("buggy", 1),
      exact: [
        ...path,
        all.because("after repetitions without success it begins again with tcp_base_mss, 1024"),
        segmentsSeen({ from: "server", fate: "dropped", rule: "too large" }, atLeast(PAGES)).because(
          "each connection finds it out for itself",
        ),
      ],
    },
  },
  symptom: [
    socketsStay(unacknowledged, atLeast(1), { forMs: STAY_MS }).because(
      "data is under way, and nothing of it is acknowledged in sequence",
    ),
    quantity(
      `connections that repeated large segments ${REPEATED} times, while a later one has arrived`,
      { needs: ["sockets"], of: blackholed },
      // A recording keeps only examples of the sockets, a reference recording very few.
      atLeast(1),
    ).because("the peer is there and answers; what is lost again and again is what is large"),
  ],
  overlaps: {},
});
