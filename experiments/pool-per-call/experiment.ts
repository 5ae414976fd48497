import {
  acceptQueueNeverFull,
  areLasting,
  atLeast,
  counterMoved,
  exactly,
  failureMode,
  mostOpenedInTurn,
  neverSeen,
  samplesOf,
  setupOf,
  socketsAtEndOf,
  socketsStay,
  type Answer,
  type Setup,
  type Sockets,
  type SymptomExpectation,
  type TcpInfoExcerpt,
  type View,
} from "../../harness/experiment.ts";
import { advice, signs } from "./advice.ts";

const CALLS = 23;
/** How long the connections must be idle. */
const IDLE_MS = 1500;
/** A connection of a load has been used, and is gone, within less. */
const OLD_MS = 500;
/** Connections that a program needs at once are opened faster, one after another within milliseconds. */
const SPACING_MS = 10;
/**
 * Calls go on: the last one was not much longer ago than one follows another. Whoever subscribes to some things at its start has such
 * connections, too, but opens no more.
 */
const STOPPED_MS = 10_000;
const MOST_SPACINGS = 5;
/** One exchange takes a segment, or a few with TLS or the login of a database. */
const MOST_SEGMENTS = 5;
/** A client can have a handful of such connections for good reasons, such as one for each worker of a server. */
const LEAST = 10;
/** Others have one for each subscription. If so few do not become more during the looks, they are not taken for those of calls. */
const LEAST_WITHOUT_GROWTH = 20;

function setup(client: string): Setup {
  return setupOf({
    sysctls: { "net.ipv4.tcp_tw_reuse": "0" },
    servers: { server: "pool-per-call/server --port 8080" },
    clients: { client: `${client} --to {server}:8080` },
    phases: [
      { name: "load", until: { exited: ["client"] } },
      { name: "drain", until: { elapsedMs: 200 } },
    ],
    everyMs: { sockets: 100, listeners: 500, counters: 250, processes: 200 },
    tcpInfo: true,
  });
}

const idle = {
  state: "ESTABLISHED",
  side: "connector",
  owner: "process",
  receiveQueue: "empty",
  sendQueue: "empty",
  timer: ["none", "keepalive"],
} as const satisfies Sockets;

/** Whether all of these connections have carried the same, and little: one exchange. null where segments were not counted. */
function wereUsedOnce(infos: TcpInfoExcerpt[]): boolean | null {
  // The connections of a load come and go: none of them is old.
  if (infos.every(({ lastDataSentMs }) => lastDataSentMs < OLD_MS)) return false;
  const segments = infos.map(({ dataSegmentsSent }) => dataSegmentsSent);
  const sent = infos.map(({ bytesSent, bytesAcked }) => bytesSent ?? bytesAcked);
  if (
    infos.some(({ bytesReceived }) => bytesReceived === 0) ||
    Math.max(...sent) > 1.25 * Math.min(...sent)
  ) {
    return false;
  }
  if (segments.some((count) => count !== undefined && (count === 0 || count > MOST_SEGMENTS))) return false;
  return segments.includes(undefined) ? null : true;
}

function isUsedOnce(view: View): Answer {
  const found = mostOpenedInTurn(view, idle, wereUsedOnce, SPACING_MS);
  if (found === null) return { holds: false, observed: "no process has such connections" };
  if (found === "unknown")
    return { holds: null, observed: "it was not recorded what was sent on them (tcpInfo)" };
  const { pid, remote, count, fromMs, toMs } = found;
  if (!areLasting(view, pid)) {
    return { holds: false, observed: `the connections of pid ${pid} to ${remote} come and go` };
  }
  if (fromMs > Math.max(STOPPED_MS, MOST_SPACINGS * ((toMs - fromMs) / (count - 1)))) {
    return {
      holds: false,
      observed: `pid ${pid} had ${count} connections to ${remote}, each used once, and for ${(fromMs / 1000).toFixed(1)} s has opened no further one`,
    };
  }
  const ages = `${(fromMs / 1000).toFixed(1)} to ${(toMs / 1000).toFixed(1)} s`;
  const grown = growth(view, remote, pid);
  const more = grown > 0 ? `, and ${grown} more than at first` : "";
  return {
    holds: count >= (grown > 0 ? LEAST : LEAST_WITHOUT_GROWTH),
    observed: `pid ${pid} had ${count} connections to ${remote}, each used once, ${ages} ago${more}`,
  };
}

/** How many more connections to an address a process had in some look than in the first one, as far as rows were recorded. */
function growth(view: View, remote: string, pid: number): number {
  const counts = samplesOf(view, "sockets").map(({ groups }) =>
    groups
      .filter(({ state, side }) => state === idle.state && side === idle.side)
      .filter(({ examples }) => examples.some((row) => row.remote === remote && row.pids.includes(pid)))
      .reduce((sum, { count }) => sum + count, 0),
  );
  return Math.max(0, ...counts) - (counts[0] ?? 0);
}

const usedOnce: SymptomExpectation = {
  claim: `one process holds at least ${LEAST_WITHOUT_GROWTH} connections to one address, or ${LEAST} and more and more, each of which has carried one exchange, one after another, and goes on opening them`,
  because:
    "when the second was opened the first was idle, and a pool would have taken it: nothing here is used again",
  needs: ["sockets"],
  test: isUsedOnce,
};

const opened = (count: number, because: string): ReturnType<ReturnType<typeof counterMoved>["because"]> =>
  counterMoved({ host: "client", counter: "TcpActiveOpens" }, exactly(count)).because(because);

const healthy = acceptQueueNeverFull({ host: "server" }).because(
  "the server accepts and answers at once, and keeps connections because it may",
);

export const experiment = failureMode({
  id: "pool-per-call",
  title: "A pool for each call, and a connection that nobody will use again",
  question: "Why does a client that makes one request at a time hold dozens of connections?",
  tags: ["pool", "keep-alive", "client", "descriptors"],
  signs,
  advice,
  variants: {
    buggy: {
      summary: "every call makes a pool, and forgets it",
      setup: setup("pool-per-call/buggy"),
      exact: [
        opened(CALLS, "a new pool is empty"),
        socketsStay({ host: "client", ...idle, port: 8080, exchanged: "both" }, exactly(CALLS), {
          forMs: IDLE_MS,
        }).because(
          "a pool keeps its connection for the next call, and the event loop holds the socket of a pool that is forgotten",
        ),
        socketsStay(
          {
            host: "server",
            state: "ESTABLISHED",
            side: "listener",
            port: 8080,
            owner: "listener",
            exchanged: "both",
          },
          exactly(CALLS),
          { forMs: IDLE_MS },
        ).because("the server keeps them for ten minutes: the client may want them"),
        healthy,
      ],
    },
    fixed: {
      summary: "one pool for all calls",
      setup: setup("pool-per-call/fixed"),
      exact: [
        opened(1, "each call but the first finds the connection idle"),
        socketsStay({ host: "client", ...idle, port: 8080 }, exactly(1), { forMs: IDLE_MS }).because(
          "it is kept for the next call",
        ),
        healthy,
      ],
    },
    "fixed-by-destroy": {
      summary: "every call makes a pool, and destroys it",
      setup: setup("pool-per-call/fixed-by-destroy"),
      exact: [
        opened(CALLS, "a new pool is empty"),
        neverSeen({ host: "client", state: "CLOSE-WAIT" }).because("the client closes first"),
        socketsAtEndOf("drain", { host: "client", state: "TIME-WAIT", port: 8080 }, exactly(CALLS)).because(
          "destroy() closes the connection of each call: the descriptors are free, and the handshakes are not saved",
        ),
        healthy,
      ],
    },
  },
  symptom: [
    socketsStay(idle, atLeast(LEAST), { forMs: IDLE_MS }).because(
      "the connections are up at both ends, and nothing goes over them",
    ),
    usedOnce,
  ],
  overlaps: {},
});
