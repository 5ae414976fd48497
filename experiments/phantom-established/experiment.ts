import {
  acceptQueueNearlyFull,
  acceptQueueNeverFull,
  atLeast,
  atMost,
  attemptsOk,
  between,
  counterMoved,
  counterStill,
  exactly,
  failureMode,
  latency,
  mostReckoned,
  outcomes,
  quantity,
  segmentsRepeated,
  segmentsSeen,
  setupOf,
  socketsStay,
  wireConnections,
  type Bound,
  type Evidence,
  type ExactExpectation,
  type PacketSample,
  type Recording,
  type Setup,
} from "../../harness/experiment.ts";
import { advice, signs } from "./advice.ts";

const ATTEMPTS = 17;
/**
 * Clients come 33 ms apart, and the thirteenth fills the queue, a round trip after its SYN. The SYNs of the other four come during that
 * round trip, and their third segments after it. That holds even if a client's program stalls for 150 ms.
 */
const ONE_WAY_MS = 150;
const RATE = 30;
/** The server's backlog, one more, and the connection that the program has accepted. */
const LET_IN = 13;
/** Longer than a round trip, and shorter than the server's preparation. */
const LONG_MS = 1000;
const OVERFLOWS = "TcpExtListenOverflows";

function setup(program: string, abortOnOverflow: "0" | "1" = "0"): Setup {
  return setupOf({
    hosts: {
      client: { "net.ipv4.tcp_syn_retries": "6", "net.ipv4.tcp_retries2": "15" },
      server: {
        "net.ipv4.tcp_abort_on_overflow": abortOnOverflow,
        "net.ipv4.tcp_synack_retries": "5",
        "net.ipv4.tcp_syncookies": "1",
        "net.ipv4.tcp_max_syn_backlog": "1024",
      },
    },
    links: [{ kind: "wire", delayMs: ONE_WAY_MS }],
    servers: { server: `${program} --port 8080` },
    clients: {
      load: `clients/short-tcp --to {server}:8080 --attempts ${ATTEMPTS} --rate ${RATE} --concurrency ${ATTEMPTS} --timeout-ms 15000`,
    },
    phases: { load: { exited: ["load"] }, drain: { elapsedMs: 200 } },
    everyMs: { sockets: 100, listeners: 100, counters: 250, processes: 500 },
  });
}

/** The server's first segment that is not a SYN-ACK: it has the connection, or refuses it. */
function firstWord(packets: PacketSample[]): PacketSample | undefined {
  return packets.find(({ from, flags }) => from === "server" && !flags.includes("SYN"));
}

/** For each connection, how long the client is ESTABLISHED before the server sends anything but SYN-ACKs. */
function alone(recording: Recording): { ms: number; completedBy: PacketSample | undefined }[] {
  return wireConnections(recording).flatMap(({ packets }) => {
    const third = packets.find(({ from, flags }) => from === "client" && !flags.includes("SYN"));
    const word = firstWord(packets);
    if (third === undefined || word === undefined) return [];
    const heard = packets.filter(
      ({ from, sentUs }) => from === "client" && sentUs !== null && sentUs <= word.atUs,
    );
    return [{ ms: (word.atUs - third.atUs) / 1000, completedBy: heard.at(-1) }];
  });
}

const phantoms = (bound: Bound, because: string): ExactExpectation =>
  quantity(
    `connections that the client has for ${LONG_MS / 1000} s before the server`,
    {
      needs: ["packet"],
      of: (recording: Recording) => alone(recording).filter(({ ms }) => ms >= LONG_MS).length,
    },
    bound,
  ).because(because);

/** The largest number, in one look, of sockets whose SYN-ACK was repeated. */
const repeated = (evidence: Evidence): number | null =>
  mostReckoned(evidence, { state: "SYN-RECEIVED", side: "listener" }, ({ retransmits }) => retransmits > 0);

const everyone = attemptsOk({ program: "load" }, exactly(ATTEMPTS));

export const experiment = failureMode({
  id: "phantom-established",
  title: "ESTABLISHED at the client, and not at the server",
  question: "What does a client have when its third segment found the accept queue full?",
  tags: ["accept-queue", "backlog", "handshake", "wire"],
  signs,
  advice,
  variants: {
    buggy: {
      summary: "a backlog of 11, and 1.8 s of preparation when the first client comes",
      setup: setup("phantom-established/buggy"),
      exact: [
        everyone.because("TCP repeats dropped segments: nothing fails, but it takes long"),
        latency({ program: "load" }, "connectMs", 50, between(2 * ONE_WAY_MS, 900)).because(
          "connect() returns with the SYN-ACK, and that comes while there is room",
        ),
        phantoms(
          atLeast(2),
          "the third segment and the request behind it are dropped: the server has no connection",
        ),
        socketsStay(
          { host: "client", state: "ESTABLISHED", side: "connector", sendQueue: "holding", timer: "on" },
          atLeast(2),
          { forMs: LONG_MS },
        ).because("the client's data is not acknowledged, and its timer runs"),
        segmentsRepeated({ from: "client", payload: "some" }, atLeast(2)).because(
          "the client sends its request again",
        ),
        segmentsRepeated({ from: "server", flags: ["SYN", "ACK"] }, atLeast(2)).because(
          "the server repeats its part of the handshake, and does not report that it has no room",
        ),
        quantity(
          "connections that a repeated request completes",
          {
            needs: ["packet"],
            of: (recording: Recording) =>
              alone(recording).filter(
                ({ ms, completedBy }) => ms >= LONG_MS && (completedBy?.payloadBytes ?? 0) > 0,
              ).length,
          },
          atLeast(1),
        ).because("every segment of the client carries the same acknowledgement as the third one"),
      ],
    },
    fixed: {
      summary: "1.8 s of preparation before the server listens",
      setup: setup("phantom-established/fixed"),
      exact: [
        everyone.because("every client that connects is served"),
        phantoms(exactly(0), "the queue has room for every third segment"),
        counterStill({ counter: OVERFLOWS, host: "server" }).because(
          "no connection waits in the queue for long",
        ),
        latency({ program: "load" }, "totalMs", 50, atMost(1200)).because("two round trips"),
      ],
    },
    "fixed-by-backlog": {
      summary: "1.8 s of preparation when the first client comes, and a backlog of 511",
      setup: setup("phantom-established/fixed-by-backlog"),
      exact: [
        everyone.because("there is room for all"),
        phantoms(exactly(0), "the kernel finishes every handshake, whatever the program does"),
        acceptQueueNeverFull({ host: "server" }).because(
          "the queue is long enough for all that come meanwhile",
        ),
        counterStill({ counter: OVERFLOWS, host: "server" }).because("no third segment meets a full queue"),
        latency({ program: "load" }, "totalMs", 50, atLeast(LONG_MS)).because(
          "the wait has only moved: answers still wait until the server is ready",
        ),
      ],
    },
    "fixed-by-abort": {
      summary: "the server of buggy, and a kernel that sends a RST when the queue has no room",
      setup: setup("phantom-established/buggy", "1"),
      exact: [
        outcomes({ program: "load" }, "response ECONNRESET", atLeast(2)).because(
          "tcp_abort_on_overflow: the third segment that finds no room is answered by a RST",
        ),
        attemptsOk({ program: "load" }, between(LET_IN, ATTEMPTS - 2)).because("the others are in the queue"),
        phantoms(exactly(0), "a client without a connection gets a RST, a round trip after connect()"),
        counterMoved({ counter: OVERFLOWS, host: "server" }, atLeast(2)).because(
          "the queue still overflows: the setting only reports it to the client",
        ),
        segmentsSeen({ from: "server", flags: ["RST"] }, atLeast(2)).because(
          "one for the third segment, and one more for each request behind it",
        ),
      ],
    },
  },
  symptom: [
    acceptQueueNearlyFull().because("ss -ltn shows Recv-Q at Send-Q of the listener, or one above it"),
    counterMoved({ counter: OVERFLOWS }, atLeast(1)).because("a segment has found the queue full"),
    socketsStay({ state: "SYN-RECEIVED", side: "listener", timer: "on" }, atLeast(2), {
      forMs: 1300,
    }).because(
      "these were third segments: their connections stay in SYN-RECEIVED, while a dropped SYN leaves no row",
    ),
    quantity(
      "SYN-RECEIVED sockets whose SYN-ACK was sent again",
      { needs: ["sockets"], of: repeated },
      // A recording keeps only examples of the sockets, a reference recording very few.
      atLeast(1),
    ).because("they are not new ones that come and go: ss shows the repetitions as timer:(on,...,1)"),
  ],
  overlaps: {},
});
