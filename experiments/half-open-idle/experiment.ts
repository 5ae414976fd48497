import {
  atLeast,
  atMost,
  between,
  connectionsEnd,
  counterMoved,
  exactly,
  failureMode,
  mostRecorded,
  quantity,
  samplesOf,
  segments,
  setupOf,
  socketsAtEndOf,
  socketsAtPeak,
  socketsStay,
  type Bound,
  type Claim,
  type Evidence,
  type PeerEnds,
  type Recording,
  type Setup,
  type ShortProgram,
} from "../../harness/experiment.ts";

/**
 * Idle connections of each peer at each port, a different number for each. `client` stays as it is, the others become what their names
 * say.
 */
const PEERS = { client: 2, crashed: 5, rebooted: 3, unreachable: 1 };
type Peer = keyof typeof PEERS;
const ALL = Object.values(PEERS).reduce((sum, count) => sum + count, 0);
const GONE_WITHOUT_WORD = PEERS.crashed + PEERS.unreachable;

/** How long nothing is received: longer than the cures wait, and shorter than the drain. */
const SILENT_MS = 3500;
/** How long such connections stay: long enough for the looks of a few seconds. */
const STAY_MS = 1500;

/** The same program at both ports; at 8081 its connections have TCP_USER_TIMEOUT too. */
const PORTS = { server: 8080, limited: 8081 };

function setup(server: string): Setup {
  const idle = (host: Peer): ShortProgram => ({
    run: `half-open-idle/client --to {server}:8080 --to {server}:8081 --connections ${PEERS[host]}`,
    host,
    withinMs: 60_000,
  });
  const peers = Object.keys(PEERS) as Peer[];
  return setupOf({
    hosts: { server: { "net.ipv4.tcp_orphan_retries": "0" } },
    links: peers.map((host) => ({ kind: "wire", between: [host, "server"], seed: 1 })),
    servers: {
      server: `${server} --port 8080`,
      limited: `${server} --port 8081 --user-timeout-ms 1500`,
    },
    clients: {
      alive: idle("client"),
      crashed: idle("crashed"),
      rebooted: idle("rebooted"),
      unreachable: idle("unreachable"),
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

const waiting = { host: "server", state: "ESTABLISHED", side: "listener" } as const;
const orphans = { host: "server", state: "FIN-WAIT-1", timer: "on", owner: "none" } as const;

/** The ends of connections that a program reports. */
const reports = (program: keyof typeof PORTS, ends: Partial<Record<Peer, PeerEnds>>): Claim<Recording> =>
  connectionsEnd({ program, phase: "drain" }, ends);

const all = (peer: Peer, code: string, seconds?: Bound): PeerEnds => ({
  count: PEERS[peer],
  code,
  ...(seconds && { seconds }),
});

function sentAfterwards(recording: Recording): number | null {
  const afterUs = samplesOf(recording, "intervention").at(-1)?.atUs;
  if (afterUs === undefined) return null;
  return segments(recording, { from: "server", phase: "drain" }).filter(({ atUs }) => atUs > afterUs).length;
}

/** The largest number, in one look, of recorded sockets that wait without a timer and have long received nothing. */
function longSilent(evidence: Evidence): number | null {
  const waits = { state: "ESTABLISHED", side: "listener", timer: "none" } as const;
  return mostRecorded(evidence, waits, ({ tcpInfo }) =>
    tcpInfo === undefined ? null : tcpInfo.lastDataReceivedMs >= SILENT_MS,
  );
}

export const experiment = failureMode({
  id: "half-open-idle",
  title: "ESTABLISHED with nobody at the other end",
  question:
    "When does an idle connection notice that its peer has crashed, was started again or cannot be reached?",
  tags: ["half-open", "keep-alive", "wire"],
  variants: {
    buggy: {
      summary: "no keep-alive, no idle timeout",
      setup: setup("half-open-idle/buggy"),
      exact: [
        quantity(
          "segments from the server after its peers had changed",
          { needs: ["packet", "intervention"], of: sentAfterwards },
          exactly(0),
        ).because(
          "an idle connection sends nothing, so nothing stays unanswered, and nothing can be answered with RST",
        ),
        reports("server", {}).because(
          "no FIN and no RST came, and no timer of TCP runs on an idle connection",
        ),
        reports("limited", {}).because("TCP_USER_TIMEOUT counts from sent data, and none is sent"),
        ...Object.values(PORTS).map((port) =>
          socketsAtEndOf(
            "drain",
            { ...waiting, port, timer: "none", owner: "listener" },
            exactly(ALL),
          ).because("connections look the same whether the peer is there or not"),
        ),
      ],
    },
    fixed: {
      summary: "the program ends connections that are idle for 2 s",
      setup: setup("half-open-idle/fixed"),
      exact: [
        ...(["server", "limited"] as const).map((program) =>
          reports(program, {
            client: all("client", "idle"),
            crashed: all("crashed", "idle"),
            rebooted: all("rebooted", "idle"),
            unreachable: all("unreachable", "idle"),
          }).because("the program's own timer closed them, including those of the healthy peer"),
        ),
        socketsAtEndOf("drain", waiting, exactly(0)).because("the program has closed them all"),
        socketsAtEndOf("drain", { ...orphans, port: 8080 }, exactly(GONE_WITHOUT_WORD)).because(
          "crashed and unreachable acknowledge no FIN: the kernel repeats it, without the program; rebooted answers with RST",
        ),
        socketsAtPeak({ ...orphans, port: 8081 }, atLeast(1)).because("the same, at first"),
        socketsAtEndOf("drain", { ...orphans, port: 8081 }, exactly(0)).because(
          "TCP_USER_TIMEOUT counts from an unacknowledged FIN: after 1.5 s the kernel gives up",
        ),
      ],
    },
    "fixed-by-keepalive": {
      summary: "the kernel sends probes after 1 s of silence",
      setup: setup("half-open-idle/fixed-by-keepalive"),
      exact: [
        reports("server", {
          crashed: all("crashed", "ETIMEDOUT", between(2.5, 4.9)),
          rebooted: all("rebooted", "ECONNRESET", atMost(1.9)),
          unreachable: all("unreachable", "ETIMEDOUT", between(2.5, 4.9)),
        }).because(
          "three probes must fail, a second apart; a stack that knows no such connection answers the first with RST",
        ),
        reports("limited", {
          crashed: all("crashed", "ETIMEDOUT", between(0.5, 2.5)),
          rebooted: all("rebooted", "ECONNRESET", atMost(1.9)),
          unreachable: all("unreachable", "ETIMEDOUT", between(0.5, 2.5)),
        }).because(
          "with TCP_USER_TIMEOUT the length of the silence ends the connection, not the number of probes",
        ),
        counterMoved({ host: "server", counter: "TcpExtOutOfWindowIcmps" }, atLeast(3)).because(
          "a probe's sequence number is one below the expected one: an ICMP error that quotes it is ignored, so no EHOSTUNREACH comes",
        ),
        ...Object.values(PORTS).map((port) =>
          socketsAtEndOf("drain", { ...waiting, port, timer: "keepalive" }, exactly(PEERS.client)).because(
            "the kernel of the healthy peer answers each probe, without its program",
          ),
        ),
      ],
    },
  },
  symptom: [
    socketsStay(
      {
        state: "ESTABLISHED",
        side: "listener",
        timer: "none",
        owner: "listener",
        receiveQueue: "empty",
        sendQueue: "empty",
      },
      atLeast(5),
      { forMs: STAY_MS },
    ).because("nothing is in flight and no timer runs: if the peer is gone, this end will never notice"),
    quantity(
      `connections without a timer that received nothing for ${SILENT_MS / 1000} s`,
      { needs: ["sockets"], of: longSilent },
      // A recording keeps only examples of the sockets, a reference recording very few.
      atLeast(1),
    ).because("a peer that is there and uses its connection would have sent something"),
  ],
  overlaps: {
    "nat-idle-eviction/buggy":
      "it is so at its service: a middlebox carries nothing more, and the peers that are there might as well be gone",
  },
  visible: {
    as: "remark",
    because:
      "idle connections look the same while the peer is there: only a probe, or the peer's own host, can tell",
  },
});
