import {
  acceptQueueFull,
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
  outcomes,
  quantity,
  samplesOf,
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

const ATTEMPTS = 17;
/**
 * Clients come 33 ms apart, and the queue is full with the thirteenth: a round trip after that one's SYN. The SYNs of the four
 * that are left come meanwhile, and their third segments afterwards. A client's program may stall for 150 ms and all are met.
 */
const ONE_WAY_MS = 150;
const RATE = 30;
/** The server's backlog and one more, and the one that the program has accepted. */
const LET_IN = 13;
/** Longer than a round trip, and shorter than the server prepares. */
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
    phases: [
      { name: "load", until: { exited: ["load"] } },
      { name: "drain", until: { elapsedMs: 200 } },
    ],
    everyMs: { sockets: 100, listeners: 100, counters: 250, processes: 500 },
  });
}

/** What the server says once it has a connection, or will not have it: anything but a SYN-ACK. */
function firstWord(packets: PacketSample[]): PacketSample | undefined {
  return packets.find(({ from, flags }) => from === "server" && !flags.includes("SYN"));
}

/** For how long the client is ESTABLISHED before the server says anything but SYN-ACKs, a figure for each connection. */
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

/** Of the sockets written down in one look, the most whose SYN-ACK was repeated. */
function repeated(evidence: Evidence): number {
  const counts = samplesOf(evidence, "sockets").map(
    ({ groups }) =>
      groups
        .filter(({ state, side }) => state === "SYN-RECEIVED" && side === "listener")
        .flatMap(({ examples }) => examples)
        .filter(({ retransmits }) => retransmits > 0).length,
  );
  return Math.max(0, ...counts);
}

const everyone = attemptsOk({ program: "load" }, exactly(ATTEMPTS));

export const experiment = failureMode({
  id: "phantom-established",
  title: "ESTABLISHED at the client, and not at the server",
  question: "What has a client whose third segment found the accept queue full?",
  tags: ["accept-queue", "backlog", "handshake", "wire"],
  variants: {
    buggy: {
      summary: "a backlog of 11, and 1.8 s of preparation when the first client comes",
      setup: setup("phantom-established/buggy"),
      exact: [
        everyone.because("TCP repeats what was dropped: nothing fails, it only takes long"),
        latency({ program: "load" }, "connectMs", 50, between(2 * ONE_WAY_MS, 900)).because(
          "connect() ends with the SYN-ACK, and that comes while there is room",
        ),
        phantoms(
          atLeast(2),
          "the third segment is dropped, and the request behind it: for the server nobody is connected",
        ),
        socketsStay(
          { host: "client", state: "ESTABLISHED", side: "connector", sendQueue: "holding", timer: "on" },
          atLeast(2),
          { forMs: LONG_MS },
        ).because("what the client has sent is not acknowledged, and its timer runs"),
        segmentsRepeated({ from: "client", payload: "some" }, atLeast(2)).because(
          "so it sends its request again",
        ),
        segmentsRepeated({ from: "server", flags: ["SYN", "ACK"] }, atLeast(2)).because(
          "the server, too, goes on with its half of the handshake, and does not say that it has no room",
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
        ).because("every segment of the client bears the acknowledgement that the third one bore"),
      ],
    },
    fixed: {
      summary: "1.8 s of preparation before it listens",
      setup: setup("phantom-established/fixed"),
      exact: [
        everyone.because("whoever is let in is served"),
        phantoms(exactly(0), "the queue has room for every third segment"),
        counterStill({ counter: OVERFLOWS, host: "server" }).because("nobody waits in the queue for long"),
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
          "the queue is long enough for all who come meanwhile",
        ),
        counterStill({ counter: OVERFLOWS, host: "server" }).because("no third segment meets a full queue"),
        latency({ program: "load" }, "totalMs", 50, atLeast(LONG_MS)).because(
          "the wait has only moved: answers still wait until the server is ready",
        ),
      ],
    },
    "fixed-by-abort": {
      summary: "the server of buggy, and a kernel that says RST when it has no room",
      setup: setup("phantom-established/buggy", "1"),
      exact: [
        outcomes({ program: "load" }, "response ECONNRESET", atLeast(2)).because(
          "tcp_abort_on_overflow: the third segment that finds no room is answered by a RST",
        ),
        attemptsOk({ program: "load" }, between(LET_IN, ATTEMPTS - 2)).because("the others are in the queue"),
        phantoms(exactly(0), "who has no connection is told so, a round trip after connect()"),
        counterMoved({ counter: OVERFLOWS, host: "server" }, atLeast(2)).because(
          "nothing is cured but the silence",
        ),
        segmentsSeen({ from: "server", flags: ["RST"] }, atLeast(2)).because(
          "one for the third segment, and one more for each request behind it",
        ),
      ],
    },
  },
  symptom: [
    acceptQueueFull().because("ss -ltn shows Recv-Q above Send-Q at the listener"),
    counterMoved({ counter: OVERFLOWS }, atLeast(1)).because("something has met the full queue"),
    socketsStay({ state: "SYN-RECEIVED", side: "listener", timer: "on" }, atLeast(2), {
      forMs: 1300,
    }).because(
      "what met it were third segments: their connections stay in SYN-RECEIVED, and a SYN that is dropped leaves nothing",
    ),
    quantity(
      "SYN-RECEIVED sockets whose SYN-ACK was sent again",
      { needs: ["sockets"], of: repeated },
      // Only examples of the sockets are written down, in a reference recording very few.
      atLeast(1),
    ).because("they are not new ones that come and go: ss shows the repetitions as timer:(on,...,1)"),
  ],
  overlaps: {},
});
