import {
  atLeast,
  attemptsOk,
  exactly,
  failureMode,
  outcomes,
  processStays,
  quantity,
  samplesOf,
  setupOf,
  socketsAtEndOf,
  socketsStay,
  type Evidence,
  type Setup,
  type SocketExample,
  type SocketGroup,
  type Sockets,
  type SocketsSample,
} from "../../harness/experiment.ts";
import { advice, signs } from "./advice.ts";

/** Players, each over a connection of its own. */
const PLAYERS = 23;
/** How long the players must wait. */
const STUCK_MS = 1500;

function setup(program: string): Setup {
  return setupOf({
    // The queues stay small, so that they are full soon.
    sysctls: { "net.ipv4.tcp_rmem": "4096 131072 131072", "net.ipv4.tcp_wmem": "4096 16384 262144" },
    servers: { server: { run: `python3 {here}/${program}.py 8080 8081`, listens: 8081 } },
    clients: {
      load: `clients/long-tcp --to {server}:8080 --duration-ms 2000 --concurrency ${PLAYERS} --timeout-ms 2200`,
      // It comes when the players are there, and reads nothing.
      watcher: ["clients/calls", "wait 500", "connect {server}:8081", "stay"],
    },
    phases: [{ name: "load", until: { exited: ["load"] } }],
    everyMs: { sockets: 100, listeners: 500, counters: 250, processes: 200 },
    tcpInfo: true,
  });
}

const held = ["listener", "process", "shared"] as const;
const stalled = {
  state: "ESTABLISHED",
  owner: held,
  sendQueue: "holding",
  timer: "persist",
} as const satisfies Sockets;
const waiting = {
  state: "ESTABLISHED",
  side: "listener",
  owner: held,
  receiveQueue: "holding",
  sendQueue: "empty",
} as const satisfies Sockets;

/** How many connections of each process fit, by pid; reckoned from the recorded ones. */
function byProcess(groups: SocketGroup[]): Map<number, number> {
  const counts = new Map<number, number>();
  for (const { count, examples } of groups) {
    for (const pid of examples.flatMap(({ pids }) => pids)) {
      counts.set(pid, (counts.get(pid) ?? 0) + count / examples.length);
    }
  }
  return counts;
}

/** By inode: since when something lies unread in a socket of which nothing was taken, and how many bytes. */
type Lying = Map<number, { fromUs: number; bytes: number }>;

/** What lies unread in a look. A program that reads makes it less, if only for a moment; what comes meanwhile makes it more. */
function lyingIn({ atUs, groups }: SocketsSample, before: Lying): Lying {
  const lying: Lying = new Map();
  for (const { inode, receiveQueueBytes: bytes } of groups.flatMap(({ examples }) => examples)) {
    const last = before.get(inode);
    if (bytes > 0)
      lying.set(inode, { fromUs: last !== undefined && bytes >= last.bytes ? last.fromUs : atUs, bytes });
  }
  return lying;
}

/** How many clients of one process have had something unread for long, over as many as its peers that take nothing; null without tcp_info. */
function heldUpIn({ atUs, groups }: SocketsSample, lying: Lying): number | null {
  const up = groups.filter(({ state }) => state === "ESTABLISHED");
  const takeNothing = byProcess(
    up.filter(({ timer, sendQueue }) => timer === stalled.timer && sendQueue === "holding"),
  );
  if (takeNothing.size === 0) return 0;
  const unread = up.filter(
    ({ side, receiveQueue, sendQueue }) =>
      side === waiting.side && receiveQueue === "holding" && sendQueue === "empty",
  );
  if (unread.some(({ examples }) => examples.some(({ tcpInfo }) => tcpInfo === undefined))) return null;
  const isLong = ({ inode, tcpInfo }: SocketExample): boolean =>
    (tcpInfo?.lastDataReceivedMs ?? 0) >= STUCK_MS ||
    atUs - (lying.get(inode)?.fromUs ?? atUs) >= STUCK_MS * 1000;
  const forLong = byProcess(unread.filter(({ examples }) => examples.every(isLong)));
  return Math.max(0, ...[...takeNothing].map(([pid, peers]) => Math.round((forLong.get(pid) ?? 0) - peers)));
}

function heldUp(evidence: Evidence): number | null {
  let lying: Lying = new Map();
  const counts = samplesOf(evidence, "sockets").map((look) => {
    lying = lyingIn(look, lying);
    return heldUpIn(look, lying);
  });
  return counts.includes(null) ? null : Math.max(0, ...counts.map((count) => count ?? 0));
}

export const experiment = failureMode({
  id: "slow-reader-zero-window",
  title: "One client that does not read, and all others wait for it",
  question: "How can a client that reads nothing keep a server from answering the others?",
  tags: ["zero-window", "timeout", "python"],
  signs,
  advice,
  variants: {
    buggy: {
      summary: "a write waits until its peer has room, for ever",
      setup: setup("buggy"),
      exact: [
        outcomes({ program: "load" }, "response timeout", exactly(PLAYERS)).because(
          "the only thread waits in sendall() for the watcher",
        ),
        socketsStay({ host: "server", ...stalled, port: 8081 }, exactly(1), { forMs: STUCK_MS }).because(
          "the watcher's window is closed, and its kernel acknowledges each probe: TCP waits for ever",
        ),
        socketsStay({ host: "server", ...waiting, port: 8080 }, exactly(PLAYERS), {
          forMs: STUCK_MS,
        }).because("each player has sent its next move, and nobody reads it"),
        socketsStay(
          { host: "client", state: "ESTABLISHED", receiveQueue: "holding", port: 8081 },
          exactly(1),
          { forMs: STUCK_MS },
        ).because("the watcher is there and reads nothing"),
      ],
    },
    fixed: {
      summary: "a write waits for 200 ms, and then the watcher is dropped",
      setup: setup("fixed"),
      exact: [
        outcomes({ program: "load" }, "response timeout", exactly(0)).because(
          "200 ms are the most that anybody waits for the watcher",
        ),
        attemptsOk({ program: "load" }, atLeast(47)).because("the players are answered every 100 ms"),
        socketsAtEndOf("load", { host: "server", state: "ESTABLISHED", port: 8081 }, exactly(0)).because(
          "the server has closed the watcher's connection",
        ),
      ],
    },
  },
  symptom: [
    socketsStay(stalled, atLeast(1), { forMs: STUCK_MS }).because(
      "a peer takes nothing, and is there: it answers the probes",
    ),
    socketsStay(waiting, atLeast(3), { forMs: STUCK_MS }).because("what others have sent lies unread"),
    quantity(
      `clients of one process of which something lies unread for ${STUCK_MS / 1000} s, over one for each peer that takes nothing`,
      { needs: ["sockets"], of: heldUp },
      atLeast(3),
    ).because(
      "a proxy leaves as many unread as its own peers hold up, and a busy server reads what came: here one peer holds up many",
    ),
    processStays({ holds: stalled }, "sleeping", { forMs: STUCK_MS }).because(
      "it waits in a write: a process that is busy has another reason not to read",
    ),
  ],
  overlaps: {},
});
