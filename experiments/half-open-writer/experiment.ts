import {
  answersElsewhere,
  atLeast,
  atMost,
  between,
  connectionsEnd,
  exactly,
  failureMode,
  mostRecorded,
  quantity,
  segments,
  segmentsRepeated,
  segmentsSeen,
  setupOf,
  socketsAtEndOf,
  socketsStay,
  type Bound,
  type Claim,
  type Evidence,
  type ExactExpectation,
  type PeerEnds,
  type Recording,
  type Setup,
  type ShortProgram,
  type SocketExample,
  type SocketsSample,
} from "../../harness/experiment.ts";

/** Connections of each peer at each port. `client` stays as it is, the others become what their names say. */
const PEERS = { client: 1, crashed: 3, rebooted: 2, unreachable: 1 };
type Peer = keyof typeof PEERS;
/** The wire to each peer, in the order of the setup. */
const LINKS = { client: 0, crashed: 1, rebooted: 2, unreachable: 3 };
const ALL = Object.values(PEERS).reduce((sum, count) => sum + count, 0);
const SILENT = PEERS.crashed + PEERS.unreachable;

const LINE_BYTES = 97;
/** How long nothing is acknowledged: longer than the cures wait, and shorter than the drain. */
const SILENT_MS = 3000;
/** A peer that has answered on another connection within this time is there. */
const ANSWERS_MS = 1000;
/** How long such connections stay: long enough for the looks of a few seconds. */
const STAY_MS = 1500;

/** The same program at both ports; at 8081 its connections have keep-alive probes too. */
const PORTS = { server: 8080, probing: 8081 };

function setup(server: string, retries = 15): Setup {
  const listening = (host: Peer): ShortProgram => ({
    run: `half-open-writer/client --to {server}:8080 --to {server}:8081 --connections ${PEERS[host]}`,
    host,
    withinMs: 60_000,
  });
  const peers = Object.keys(PEERS) as Peer[];
  return setupOf({
    hosts: { server: { "net.ipv4.tcp_retries2": String(retries) } },
    links: peers.map((host) => ({ kind: "wire", between: [host, "server"], seed: 1 })),
    servers: {
      server: `${server} --port 8080`,
      probing: `${server} --port 8081 --keep-alive`,
    },
    clients: {
      alive: listening("client"),
      crashed: listening("crashed"),
      rebooted: listening("rebooted"),
      unreachable: listening("unreachable"),
    },
    phases: {
      load: {
        until: {
          all: Object.values(PORTS).map((port) => ({
            sockets: { host: "server", state: "ESTABLISHED", port },
            atLeast: ALL,
          })),
        },
        withinMs: 10_000,
      },
      drain: { elapsedMs: 5000 },
    },
    interventions: (["crashed", "rebooted", "unreachable"] as const).map((host) => ({
      name: host,
      phase: "drain",
      when: { elapsedMs: 300 },
      do: { host, become: host === "crashed" ? "silent" : host },
    })),
    everyMs: { sockets: 200, listeners: 1000, counters: 500, processes: 500 },
    tcpInfo: true,
  });
}

const open = { host: "server", state: "ESTABLISHED", side: "listener" } as const;
const unheard = { ...open, sendQueue: "holding", timer: "on" } as const;
const SOFT_ERROR = "the kernel ends it, and reports a router's ICMP error if one came";

const BOTH = ["server", "probing"] as const;

/** The ends of connections that a program reports. */
const reports = (program: keyof typeof PORTS, ends: Partial<Record<Peer, PeerEnds>>): Claim<Recording> =>
  connectionsEnd({ program, phase: "drain" }, ends);

const all = (peer: Peer, code: string, seconds: Bound): PeerEnds => ({ count: PEERS[peer], code, seconds });

/** The next line is answered with RST, in every variant. */
const RESET = all("rebooted", "ECONNRESET", atMost(1.5));

/** What all cures have in common: after about 2 s the program has only the connections to the healthy peer. */
function cured(crashed: string, unreachable: string, reason: string): ExactExpectation[] {
  return [
    ...BOTH.map((program) =>
      reports(program, {
        crashed: all("crashed", crashed, between(0.5, 3)),
        rebooted: RESET,
        unreachable: all("unreachable", unreachable, between(0.5, 3)),
      }).because(reason),
    ),
    ...Object.values(PORTS).map((port) =>
      socketsAtEndOf("drain", { ...open, port }, exactly(PEERS.client)).because("only these are answered"),
    ),
  ];
}

/** Empty segments from the server with a number one below an unacknowledged line; each line has LINE_BYTES. */
function probes(recording: Recording, link: number): number {
  const empty = segments(recording, { link, from: "server", payload: "none", phase: "drain" });
  return empty.filter(({ sequence }) => sequence % LINE_BYTES === 0).length;
}

/** The longest pause between two lost data segments of a connection from the server; of several connections, the smallest of these. */
function longestPauseMs(recording: Recording, link: number): number | null {
  const cut = segments(recording, { link, from: "server", payload: "some", fate: "cut", phase: "drain" });
  const pauses = [...new Set(cut.map(({ connection }) => connection))].map((connection) => {
    const times = cut.filter((packet) => packet.connection === connection).map(({ atUs }) => atUs);
    return Math.max(0, ...times.slice(1).map((atUs, nth) => (atUs - (times[nth] ?? atUs)) / 1000));
  });
  return pauses.length === 0 ? null : Math.min(...pauses);
}

/** The largest number, in one look, of recorded sockets that repeat data to a peer that acknowledged before and does not any more. */
const repeating = (evidence: Evidence): number | null =>
  mostRecorded(evidence, { state: "ESTABLISHED", timer: "on" }, isUnheard);

/**
 * A connecting end that sent only its SYN has one byte acknowledged. A peer that has received later data is there: pmtu-blackhole. So is one
 * that answers on another connection: nat-idle-eviction.
 */
function isUnheard(row: SocketExample, look: SocketsSample): boolean | null {
  const { retransmits, tcpInfo } = row;
  if (tcpInfo === undefined) return null;
  if ((tcpInfo.sacked ?? 0) > 0 || answersElsewhere(look, row, ANSWERS_MS)) return false;
  return retransmits >= 3 && tcpInfo.lastDataReceivedMs >= SILENT_MS && tcpInfo.bytesAcked > 1;
}

export const experiment = failureMode({
  id: "half-open-writer",
  title: "Writing to a host that is not there",
  question:
    "When is a program that writes told that its peer has crashed, was started again or cannot be reached?",
  tags: ["half-open", "retransmission", "wire"],
  variants: {
    buggy: {
      summary: "write() succeeds, and the program does not check whether the data arrives",
      setup: setup("half-open-writer/buggy"),
      exact: [
        ...BOTH.map((program) =>
          reports(program, { rebooted: RESET }).because(
            "only the restarted stack answers; with tcp_retries2 = 15 the program gets no error for a quarter of an hour",
          ),
        ),
        ...Object.values(PORTS).map((port) =>
          socketsAtEndOf("drain", { ...unheard, port, owner: "listener" }, atLeast(SILENT)).because(
            "sent data is not acknowledged, so the retransmission timer runs, with keep-alive or without",
          ),
        ),
        quantity(
          "keep-alive probes to crashed",
          { needs: ["packet"], of: (recording: Recording) => probes(recording, LINKS.crashed) },
          exactly(0),
        ).because("while data is unacknowledged, the keep-alive timer only restarts itself"),
        quantity(
          "ms in the longest pause between repetitions to crashed",
          { needs: ["packet"], of: (recording: Recording) => longestPauseMs(recording, LINKS.crashed) },
          between(1500, 3000),
        ).because("they begin 0.2 s apart, and each pause is twice the last: 0.4, 0.8, 1.6 s"),
        segmentsRepeated(
          { link: LINKS.unreachable, from: "server", phase: "drain" },
          atLeast(10 * 2 * PEERS.unreachable),
        ).because("each ICMP error undoes the doubling: five a second, and the program gets no error"),
      ],
    },
    fixed: {
      summary: "the program gives up a peer that has answered nothing for 1.5 s",
      setup: setup("half-open-writer/fixed"),
      exact: [
        ...cured("deadline", "deadline", "a timer in the program, which each answer restarts"),
        segmentsSeen(
          { link: LINKS.crashed, from: "server", flags: ["RST"], phase: "drain" },
          exactly(2 * PEERS.crashed),
        ).because("the reset discards the queue; otherwise the kernel would go on alone with it"),
      ],
    },
    "fixed-by-user-timeout": {
      summary: "TCP_USER_TIMEOUT: nothing stays unacknowledged for longer than 1.5 s",
      setup: setup("half-open-writer/fixed-by-user-timeout"),
      exact: cured("ETIMEDOUT", "EHOSTUNREACH", SOFT_ERROR),
    },
    "fixed-by-retries": {
      summary: "tcp_retries2 = 1: the kernel gives up after three or four repetitions",
      setup: setup("half-open-writer/buggy", 1),
      exact: cured("ETIMEDOUT", "EHOSTUNREACH", SOFT_ERROR),
    },
  },
  symptom: [
    socketsStay({ state: "ESTABLISHED", sendQueue: "holding", timer: "on" }, atLeast(1), {
      forMs: STAY_MS,
    }).because("data is always in flight, and its retransmission timer runs"),
    quantity(
      `connections that repeated themselves three times and received nothing for ${SILENT_MS / 1000} s`,
      { needs: ["sockets"], of: repeating },
      // A recording keeps only examples of the sockets, a reference recording very few.
      atLeast(1),
    ).because("the peer acknowledged before and does not any more"),
  ],
  overlaps: {},
});
