import {
  atLeast,
  counterMoved,
  exactly,
  failureMode,
  samplesOf,
  setupOf,
  socketsAtEndOf,
  socketsStay,
  type Answer,
  type Setup,
  type SocketExample,
  type SocketGroup,
  type Sockets,
  type SocketsSample,
  type SymptomExpectation,
  type View,
} from "../../harness/experiment.ts";
import { advice, signs } from "./advice.ts";

const CALLS = 23;
/** How long the answers must lie unread. */
const UNREAD_MS = 1500;
/** Fewer recorded connections do not show in which order they were used. */
const LEAST_RECORDED = 3;

function setup(client: string): Setup {
  return setupOf({
    // The receive queue stays small, so that the page does not fit into it.
    sysctls: { "net.ipv4.tcp_rmem": "4096 131072 131072", "net.ipv4.tcp_wmem": "4096 16384 4194304" },
    servers: { server: "unconsumed-body/server --port 8080" },
    clients: { client: `${client} --to {server}:8080` },
    phases: [
      { name: "load", until: { exited: ["client"] } },
      { name: "drain", until: { elapsedMs: 200 } },
    ],
    everyMs: { sockets: 100, listeners: 500, counters: 250, processes: 200 },
    tcpInfo: true,
  });
}

const unread = {
  state: "ESTABLISHED",
  side: "connector",
  owner: "process",
  receiveQueue: "holding",
  sendQueue: "empty",
} as const satisfies Sockets;

/** Whether nobody reads what came over these connections, and nothing waits to be sent. */
function isUnread({ state, side, owner, receiveQueue, sendQueue }: SocketGroup): boolean {
  const queues = `${receiveQueue} ${sendQueue}`;
  return (
    state === unread.state && side === unread.side && owner === unread.owner && queues === "holding empty"
  );
}

/** Connections of one process to one address, of which some were used again while answers lay unread on others. */
interface LeftUnread {
  pid: number;
  remote: string;
  count: number;
}

/**
 * In one sample, the connections of a process to an address whose answer had stopped before the process sent its latest request to that
 * address. The count is reckoned from the recorded connections where not all are recorded. As many of them are taken off as the process has
 * connections on which its own data wait: a proxy reads no faster than its clients do. "unknown" without tcp_info.
 */
function leftUnread(look: SocketsSample): LeftUnread[] | "unknown" {
  const found = new Map<string, { rows: SocketExample[]; each: number; pid: number; remote: string }>();
  for (const { examples, count } of look.groups.filter(isUnread)) {
    for (const row of examples) {
      const [pid = 0] = row.pids;
      const key = `${pid} ${row.remote}`;
      const one = found.get(key) ?? { rows: [], each: count / examples.length, pid, remote: row.remote };
      one.rows.push(row);
      found.set(key, one);
    }
  }
  const known = [...found.values()].filter(({ rows }) => rows.length >= LEAST_RECORDED);
  if (known.some(({ rows }) => rows.some(({ tcpInfo }) => tcpInfo === undefined))) return "unknown";
  return known.map(({ rows, each, pid, remote }) => {
    const infos = rows.flatMap(({ tcpInfo }) => tcpInfo ?? []);
    const latestRequestMs = Math.min(...infos.map(({ lastDataSentMs }) => lastDataSentMs));
    const before = infos.filter(
      ({ lastDataReceivedMs }) => lastDataReceivedMs > latestRequestMs && lastDataReceivedMs >= UNREAD_MS / 2,
    );
    return { pid, remote, count: Math.round(before.length * each) - waitsToSend(look, pid) };
  });
}

/** On how many connections of a process its own data wait for the peer. */
function waitsToSend(look: SocketsSample, pid: number): number {
  return look.groups
    .filter(
      ({ sendQueue, examples }) => sendQueue === "holding" && examples.some(({ pids }) => pids.includes(pid)),
    )
    .reduce((sum, { count }) => sum + count, 0);
}

function isLeftUnread(view: View): Answer {
  const looks = samplesOf(view, "sockets").map(leftUnread);
  const [most] = looks
    .flatMap((look) => (look === "unknown" ? [] : look))
    .toSorted((one, other) => other.count - one.count);
  if (most !== undefined && most.count >= 5) {
    const { pid, remote, count } = most;
    return {
      holds: true,
      observed: `pid ${pid} had left answers of ${remote} unread on ${count} connections when it sent its latest request there`,
    };
  }
  if (looks.includes("unknown")) {
    return { holds: null, observed: "it was not recorded when something came over them (tcpInfo)" };
  }
  return { holds: false, observed: "no process has such connections" };
}

const usesOthers: SymptomExpectation = {
  claim:
    "one process leaves answers unread on at least 5 connections to one address, and sends its next request there on another",
  because:
    "a process that is stopped or waits for a lock sends nothing, a slow reader reads now and then, and a proxy's own peers are slow: this one works, and has forgotten these answers",
  needs: ["sockets"],
  test: isLeftUnread,
};

const opened = (count: number, because: string): ReturnType<ReturnType<typeof counterMoved>["because"]> =>
  counterMoved({ host: "client", counter: "TcpActiveOpens" }, exactly(count)).because(because);

const stalled = { state: "ESTABLISHED", side: "listener", port: 8080, sendQueue: "holding" } as const;

export const experiment = failureMode({
  id: "unconsumed-body",
  title: "An answer whose body nobody reads",
  question: "What does a client leave behind that looks at the status and not at the body?",
  tags: ["http", "pool", "keep-alive", "client", "zero-window"],
  signs,
  advice,
  variants: {
    buggy: {
      summary: "the status is read, and the body is left where it is",
      setup: setup("unconsumed-body/buggy"),
      exact: [
        opened(CALLS, "a connection is not free before its answer is over, and none ever is"),
        socketsStay({ host: "client", ...unread, port: 8080 }, exactly(CALLS), { forMs: UNREAD_MS }).because(
          "Node stops reading when nobody takes the body, and the rest stays in the kernel",
        ),
        socketsStay({ host: "server", ...stalled, timer: "persist" }, exactly(CALLS), {
          forMs: UNREAD_MS,
        }).because("the client's window is closed: the server can only ask whether it has opened"),
      ],
    },
    fixed: {
      summary: "the body is read and thrown away",
      setup: setup("unconsumed-body/fixed"),
      exact: [
        opened(1, "each call but the first finds the connection idle"),
        socketsStay(
          { host: "client", ...unread, receiveQueue: "empty", port: 8080, exchanged: "both" },
          exactly(1),
          { forMs: UNREAD_MS },
        ).because("everything is read, and the connection is kept for the next call"),
      ],
    },
    "fixed-by-destroy": {
      summary: "the answer is destroyed, and its connection with it",
      setup: setup("unconsumed-body/fixed-by-destroy"),
      exact: [
        opened(CALLS, "a connection that was destroyed in the middle of an answer is not used again"),
        socketsAtEndOf("drain", { state: "ESTABLISHED" }, exactly(0)).because(
          "the client closes, and answers what still comes with a RST",
        ),
        socketsAtEndOf("drain", { sendQueue: "holding" }, exactly(0)).because(
          "a RST empties the server's queue at once",
        ),
      ],
    },
  },
  symptom: [
    socketsStay(unread, atLeast(5), { forMs: UNREAD_MS }).because(
      "something came, and the process that asked for it does not read it",
    ),
    usesOthers,
  ],
  overlaps: {},
});
