import {
  atLeast,
  calls,
  callsEnded,
  counterMoved,
  exactly,
  fact,
  mark,
  quantity,
  segmentsSeen,
  setupOf,
  socketsAtEndOf,
  type Bound,
  type Condition,
  type ExactExpectation,
  type Recording,
  type Setup,
} from "../../harness/experiment.ts";

const HOLD_OLD = "hold-old-segment";
const HOLD_OWN = "hold-own-segment";
const OLD_COMES = "the old segment comes out";
const OWN_COMES = "the own segment comes out";

/** What each connection sends first, and the answer to it; then it sends the request that is tested. */
const OLD_FIRST = 47;
const NEW_FIRST = 23;
const ANSWER = 59;
const REQUEST = 97;
/** What the old connection sends after that request: the server's answers to it show the client that the request is missing. */
const BEHIND = [11, 11, 11, 11];

/** The client's first numbers if its clock does not choose them: with them both requests begin at the same number. */
const OLD_SEQUENCE = 1_000_000;
const NEW_SEQUENCE = OLD_SEQUENCE + OLD_FIRST - NEW_FIRST;

/** Data segments that the server has sent when it has answered the new connection's first bytes, and when it has answered its request. */
const SENT_AT_FIRST = 3;
const SENT_IN_ALL = 4;

type Guard = "none" | "clock" | "timestamps" | "time-wait";

const serverSent = (segments: number): Condition => ({
  counter: "TcpExtTCPOrigDataSent",
  host: "server",
  atLeast: segments,
});

function setup(guard: Guard): Setup {
  return setupOf({
    sysctls: {
      "net.ipv4.tcp_timestamps": guard === "timestamps" ? "1" : "0",
      "net.ipv4.tcp_max_tw_buckets": guard === "time-wait" ? "4096" : "0",
      "net.ipv4.tcp_tw_reuse": "0",
      // The server's first number is then the client's plus a constant that changes each minute (the two connections begin some 30 ms
      // apart). Otherwise the server's clock would also be a guard.
      "net.ipv4.tcp_syncookies": "2",
    },
    links: [
      {
        kind: "wire",
        rules: [
          {
            name: HOLD_OLD,
            match: { from: "client", connection: 1, payload: "some", nth: { from: 2, to: 2 } },
            do: { holdUntil: OLD_COMES },
          },
          {
            name: HOLD_OWN,
            match: { from: "client", connection: 2, payload: "some", nth: { from: 2, to: null } },
            do: { holdUntil: OWN_COMES },
          },
        ],
      },
    ],
    servers: { server: ["clients/calls", ...serverCalls()] },
    clients: { client: { run: ["clients/calls", ...clientCalls(guard)], withinMs: 60_000 } },
    phases: {
      load: { until: serverSent(SENT_AT_FIRST), withinMs: 10_000 },
      drain: { until: { all: [{ elapsedMs: 500 }, serverSent(SENT_IN_ALL)] }, withinMs: 10_000 },
    },
    interventions: [
      mark(OLD_COMES, { elapsedMs: 50 }, "drain"),
      mark(OWN_COMES, { elapsedMs: 250 }, "drain"),
    ],
    everyMs: { sockets: 100, counters: 100 },
  });
}

function serverCalls(): string[] {
  const behind = BEHIND.reduce((sum, bytes) => sum + bytes, 0);
  const old = ["accept", `recv ${OLD_FIRST}`, `send ${ANSWER}`, `recv ${REQUEST + behind}`, "send 1"];
  const next = ["accept", `recv ${NEW_FIRST}`, `send ${ANSWER}`, `recv ${REQUEST}`, "send 1"];
  return ["listen 8080 4", ...old, "recv end", "close", ...next, "stay"];
}

function clientCalls(guard: Guard): string[] {
  const connect = (sequence: number): string[] => [
    ...(guard === "clock" ? [] : [`sequence ${sequence}`]),
    "set SO_REUSEADDR 1",
    "set TCP_NODELAY 1",
    "bind 40001",
    "connect {server}:8080",
  ];
  const behind = BEHIND.map((bytes) => `send ${bytes}`);
  const old = [`send ${OLD_FIRST}`, `recv ${ANSWER}`, `send ${REQUEST}`, ...behind, "recv 1"];
  // Timestamps count milliseconds: without a pause, both connections could begin in the same millisecond.
  const end = ["shutdown write", "recv end", "close", "wait 20"];
  // If its own port is refused, the client takes another.
  const another = guard === "time-wait" ? ["close", "set TCP_NODELAY 1", "connect {server}:8080"] : [];
  const next = [`send ${NEW_FIRST}`, `recv ${ANSWER}`, `send ${REQUEST}`, "recv 1", "stay"];
  return [...connect(OLD_SEQUENCE), ...old, ...end, ...connect(NEW_SEQUENCE), ...another, ...next];
}

/** What the server's last recv() read: the new connection's request, or the bytes that it took for it. */
function request(recording: Recording): { own: number; foreign: number } | null {
  const last = calls(recording, { program: "server", call: "recv" }).at(-1);
  if (last?.bytes !== REQUEST || last.foreign === null) return null;
  return { own: last.bytes - last.foreign, foreign: last.foreign };
}

function foreign(bound: Bound, because: string): ExactExpectation {
  const of = (recording: Recording): number | null => request(recording)?.foreign ?? null;
  return quantity("bytes of the old connection in the new request", { needs: ["report"], of }, bound).because(
    because,
  );
}

function own(bound: Bound, because: string): ExactExpectation {
  const of = (recording: Recording): number | null => request(recording)?.own ?? null;
  return quantity("bytes of its own in the new request", { needs: ["report"], of }, bound).because(because);
}

/** Calls of either program that ended with an errno. */
function failed(bound: Bound, because: string): ExactExpectation {
  const of = (recording: Recording): number =>
    calls(recording).filter(({ result }) => typeof result === "string").length;
  return quantity("calls that fail", { needs: ["report"], of }, bound).because(because);
}

const held = segmentsSeen({ connection: 1, rule: HOLD_OLD, fate: "held" }, exactly(1)).because(
  "the client repeats it, so the old connection ends in order while this copy is still on its way",
);
const connected = callsEnded({ program: "client", call: "connect" }, 0, exactly(2));
const samePort = connected.because("without TIME-WAIT, the same two ports can be used again at once");

export const experiment = fact({
  id: "old-duplicate",
  title: "A late segment of one connection meets the next one on the same ports",
  question: "What keeps the bytes of a former connection out of the next one between the same ports?",
  tags: ["time-wait", "sequence-numbers", "wire"],
  variants: {
    "no-guard": {
      summary: "no TIME-WAIT, no timestamps, and sequence numbers that overlap",
      setup: setup("none"),
      exact: [
        held,
        samePort,
        foreign(
          exactly(REQUEST),
          "addresses, ports and numbers match: nothing else shows to which connection the bytes belong",
        ),
        own(exactly(0), "they come second, have numbers that were received already, and are discarded"),
        failed(exactly(0), "every byte is acknowledged, and no call returns an error"),
      ],
    },
    clock: {
      summary: "no TIME-WAIT, no timestamps, and the client's clock chooses the first sequence number",
      setup: setup("clock"),
      exact: [
        held,
        samePort,
        foreign(
          exactly(0),
          "the new numbers begin above all those of the old connection: the old bytes count as received",
        ),
        own(exactly(REQUEST), "the stream goes on with its own"),
      ],
    },
    timestamps: {
      summary: "no TIME-WAIT, sequence numbers that overlap, and segments carry timestamps",
      setup: setup("timestamps"),
      exact: [
        held,
        samePort,
        counterMoved({ counter: "TcpExtPAWSEstab", host: "server" }, atLeast(1)).because(
          "its timestamp is older than the latest that the new connection has received (RFC 7323, section 5)",
        ),
        foreign(exactly(0), "a segment that fails that test is dropped"),
        own(exactly(REQUEST), "the stream goes on with its own"),
      ],
    },
    "time-wait": {
      summary: "no timestamps, sequence numbers that overlap, and the client's end is kept in TIME-WAIT",
      setup: setup("time-wait"),
      exact: [
        held,
        callsEnded({ program: "client", call: "connect" }, "EADDRNOTAVAIL", exactly(1)).because(
          "the two ports belong to a TIME-WAIT for 60 s",
        ),
        connected.because("the first, and the one from another port"),
        segmentsSeen({ connection: 1, from: "server", flags: ["RST"] }, exactly(1)).because(
          "no connection exists for the late segment's ports",
        ),
        socketsAtEndOf("drain", { host: "client", state: "TIME-WAIT", port: 8080 }, exactly(1)).because(
          "that RST does not have the number that the TIME-WAIT expects, and so does not end it",
        ),
        foreign(exactly(0), "the new connection has other ports"),
        own(exactly(REQUEST), "the late segment did not reach this connection"),
      ],
    },
  },
});
