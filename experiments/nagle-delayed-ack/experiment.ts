import {
  atLeast,
  atMost,
  attempts,
  attemptsOk,
  counterMoved,
  exactly,
  failureMode,
  latency,
  quantity,
  samplesOf,
  segments,
  setupOf,
  type Bound,
  type Claim,
  type Recording,
  type Setup,
  type SocketExample,
  type View,
} from "../../harness/experiment.ts";
import { advice, signs } from "./advice.ts";

/** Requests without a pause, and requests with a pause between them; each program has a connection of its own. */
const REQUESTS = { load: 47, unhurried: 11 };
type Client = keyof typeof REQUESTS;
const ALL = REQUESTS.load + REQUESTS.unhurried;

/** What the server writes in answer to each; its programs have the same numbers. */
const HEADER_BYTES = 10;
const BODY_BYTES = 97;

/** Longer than a segment's way takes here on a busy machine, and shorter than the shortest delay of an acknowledgement. */
const STALL_MS = 30;
/** A request is kept back right after the last answer, and an answer after its request: for 40 ms, the shortest delay, or somewhat more. */
const MOST_SINCE_REQUEST_MS = 100;

function setup(server: string): Setup {
  return setupOf({
    hosts: { client: { "net.ipv4.tcp_pingpong_thresh": "1" } },
    links: [{ kind: "wire" }],
    servers: { server: `${server} --port 8080` },
    clients: {
      load: `clients/long-tcp --to {server}:8080 --attempts ${REQUESTS.load}`,
      unhurried: `clients/long-tcp --to {server}:8080 --attempts ${REQUESTS.unhurried} --rate 7`,
    },
    phases: { load: { exited: ["load", "unhurried"] }, drain: { elapsedMs: 300 } },
    everyMs: { sockets: 50, listeners: 1000, counters: 500, processes: 500 },
    tcpInfo: true,
  });
}

/** A body that left in a segment of its own: how long after the header, and whether the header was acknowledged by then. */
interface Body {
  afterMs: number;
  acknowledged: boolean;
}

/** The bodies that left for a client in segments of their own, as recorded on the wire. */
function bodies(recording: Recording, client: Client): Body[] {
  const ports = new Set(attempts(recording, { program: client }).map(({ localPort }) => localPort));
  const sent = segments(recording, { from: "server", payload: "some" });
  const headers = sent.filter(
    ({ toPort, payloadBytes }) => ports.has(toPort) && payloadBytes === HEADER_BYTES,
  );
  const received = segments(recording, { from: "client", flags: ["ACK"] });
  return headers.flatMap((header, nth) => {
    const { toPort, sequence, atUs } = header;
    // A header that was sent again is the same header.
    if (headers.findIndex((one) => one.toPort === toPort && one.sequence === sequence) !== nth) return [];
    const end = sequence + HEADER_BYTES;
    const body = sent.find((one) => one.toPort === toPort && one.sequence === end);
    if (body === undefined) return [];
    const acknowledged = received.some(
      (one) => one.fromPort === toPort && (one.acknowledgement ?? 0) >= end && one.atUs <= body.atUs,
    );
    return [{ afterMs: (body.atUs - atUs) / 1000, acknowledged }];
  });
}

const inOrder = (client: Client, bound: Bound): Claim<Recording> =>
  quantity(
    `bodies for ${client} that left after the acknowledgement of their header`,
    {
      needs: ["packet"],
      of: (recording: Recording) => bodies(recording, client).filter((one) => one.acknowledged).length,
    },
    bound,
  );

const keptBack = (client: Client, bound: Bound): Claim<Recording> =>
  quantity(
    `bodies for ${client} that left ${STALL_MS} ms or more after their header`,
    {
      needs: ["packet"],
      of: (recording: Recording) => bodies(recording, client).filter((one) => one.afterMs >= STALL_MS).length,
    },
    bound,
  );

/** Answers that were one segment, each counted once. */
function whole(recording: Recording): number {
  const sent = segments(recording, { from: "server", payload: "some" }).filter(
    ({ payloadBytes }) => payloadBytes === HEADER_BYTES + BODY_BYTES,
  );
  return new Set(sent.map(({ toPort, sequence }) => `${toPort} ${sequence}`)).size;
}

/** Rows of one look, by what they have in common with rows of other looks. */
type Kept = (example: SocketExample) => { key: string; isKept: boolean | null };

/**
 * For how long consecutive looks found such rows with the same key, among those with unacknowledged data; a missing look in between does not
 * end it. The longest time of all keys. Null when a look does not have the figure.
 */
function heldMs(view: View, keptOf: Kept): number | null {
  const looks = samplesOf(view, "sockets").map(({ atUs, groups }) => {
    const waiting = groups.filter(
      ({ state, timer, sendQueue }) => state === "ESTABLISHED" && timer === "on" && sendQueue === "holding",
    );
    return { atUs, rows: waiting.flatMap(({ examples }) => examples.map(keptOf)) };
  });
  if (looks.some(({ rows }) => rows.some(({ isKept }) => isKept === null))) return null;
  const sums = new Map<string, number>();
  let before: { atUs: number; keys: Set<string> } | undefined;
  for (const { atUs, rows } of looks) {
    const keys = new Set(rows.filter(({ isKept }) => isKept).map(({ key }) => key));
    for (const key of keys) {
      if (before?.keys.has(key) === true) sums.set(key, (sums.get(key) ?? 0) + (atUs - before.atUs) / 1000);
    }
    before = { atUs, keys };
  }
  return Math.max(0, ...sums.values());
}

/**
 * Whether less than a segment waits for an acknowledgement although the congestion window has room, on a connection over which data comes, too:
 * of a one-way stream nobody waits for the rest of a segment.
 */
function isKeptBack({ retransmits, tcpInfo }: SocketExample): boolean | null {
  if (tcpInfo?.notSentBytes === undefined) return null;
  const { unacked, congestionWindow, sendMssBytes, notSentBytes, lastDataReceivedMs } = tcpInfo;
  const hasRoom = unacked > 0 && unacked < congestionWindow && retransmits === 0;
  return (
    hasRoom && notSentBytes > 0 && notSentBytes < sendMssBytes && lastDataReceivedMs <= MOST_SINCE_REQUEST_MS
  );
}

const anyRow: Kept = ({ retransmits }) => ({ key: "any", isKept: retransmits === 0 });
const ofOneConnection: Kept = (row) => ({ key: `${row.local} ${row.remote}`, isKept: isKeptBack(row) });

export const experiment = failureMode({
  id: "nagle-delayed-ack",
  title: "Write, write, read: 40 ms in which everybody waits",
  question: "Why does an answer in two writes take 40 ms longer than the same answer in one?",
  tags: ["latency", "nagle", "delayed-ack", "wire"],
  signs,
  advice,
  variants: {
    buggy: {
      summary: "a header and a body, in two small writes",
      setup: setup("nagle-delayed-ack/buggy"),
      exact: [
        attemptsOk({ program: "load" }, exactly(REQUESTS.load)).because("nothing fails, but it takes long"),
        inOrder("load", exactly(REQUESTS.load)).because(
          "Nagle's algorithm: a small segment waits until the small one before it is acknowledged",
        ),
        inOrder("unhurried", exactly(REQUESTS.unhurried)).because(
          "Nagle's algorithm treats both clients alike",
        ),
        keptBack("load", atLeast(37)).because(
          "its program has answered data at once before, so the kernel delays the acknowledgement to send it with the answer",
        ),
        keptBack("unhurried", atMost(3)).because(
          "if a program has answered nothing for 40 ms, its kernel acknowledges as soon as the program has read",
        ),
        latency({ program: "load" }, "totalMs", 50, atLeast(35)).because(
          "the delayed acknowledgement's timer is 40 ms",
        ),
        counterMoved({ host: "client", counter: "TcpExtDelayedACKs" }, atLeast(37)).because(
          "that timer ends the wait each time",
        ),
      ],
    },
    fixed: {
      summary: "TCP_NODELAY: the body does not wait for an acknowledgement",
      setup: setup("nagle-delayed-ack/fixed"),
      exact: [
        attemptsOk({ program: "load" }, exactly(REQUESTS.load)).because("the answers are the same"),
        inOrder("load", atMost(11)).because(
          "the body follows the header; an acknowledgement comes first only when the program is slow between its writes",
        ),
        keptBack("load", atMost(5)).because("nothing holds the body back"),
        counterMoved({ host: "client", counter: "TcpExtDelayedACKs" }, atMost(11)).because(
          "the second small segment that the client reads is acknowledged at once, or with the next request",
        ),
      ],
    },
    "fixed-by-one-write": {
      summary: "one write for both: there is no second segment",
      setup: setup("nagle-delayed-ack/fixed-by-one-write"),
      exact: [
        attemptsOk({ program: "load" }, exactly(REQUESTS.load)).because("the answers are the same"),
        quantity("answers in one segment", { needs: ["packet"], of: whole }, exactly(ALL)).because(
          "nothing is unacknowledged when it is written, so Nagle's algorithm does not hold it back",
        ),
        counterMoved({ host: "client", counter: "TcpExtDelayedACKs" }, atMost(11)).because(
          "the next request acknowledges the answer",
        ),
      ],
    },
  },
  symptom: [
    quantity(
      "ms in which, sample after sample, something sent is not acknowledged",
      { needs: ["sockets"], of: (view: View) => heldMs(view, anyRow) },
      atLeast(500),
    ).because("the other end takes its time to acknowledge"),
    quantity(
      "ms in which, sample after sample, less than a segment of an exchange is kept back though it might be sent",
      { needs: ["sockets"], of: (view: View) => heldMs(view, ofOneConnection) },
      atLeast(500),
    ).because(
      "Nagle's algorithm holds it back, and the program writes nothing more that would fill the segment",
    ),
  ],
  overlaps: {},
});
