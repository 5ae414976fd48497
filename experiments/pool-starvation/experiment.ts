import {
  acceptQueueNeverFull,
  atLeast,
  attemptsOk,
  byAddress,
  byProcess,
  conversations,
  exactly,
  failureMode,
  outcomes,
  processStays,
  setupOf,
  socketsStay,
  type Answer,
  type Conversation,
  type ExactExpectation,
  type Setup,
  type Sockets,
  type SymptomExpectation,
  type View,
} from "../../harness/experiment.ts";
import { advice, signs } from "./advice.ts";

const CLIENTS = 47;
const POOL = 5;
/** Every second query fails, and takes its connection with it. */
const ANSWERED = 2 * POOL;
/** How long a request must wait, and the pool must be idle. */
const STAY_MS = 1500;
/** How long one of the recorded requests must have waited. */
const WAITED_US = 1_000_000;
/** Requests that are asked again after an event come together. These come one after another. */
const SPREAD_US = 200_000;
/** The first request that waits comes soon after the last use of the pool, or there are more of them since than before. */
const SOON_US = 1_000_000;
/** A pool opens connections together when it needs several at once. A leak takes them one after another. */
const SPACING_US = 10_000;

function setup(program: string): Setup {
  return setupOf({
    // TIME-WAIT is counted: no port may be used again.
    sysctls: { "net.ipv4.tcp_tw_reuse": "0" },
    hosts: { client: {}, server: {}, backend: {} },
    links: [
      { kind: "direct", between: ["client", "server"] },
      { kind: "direct", between: ["server", "backend"] },
    ],
    servers: {
      backend: { run: "python3 {here}/backend.py 9090", host: "backend", listens: 9090 },
      server: { run: `python3 {here}/${program}.py 8080 {backend}:9090`, listens: 8080 },
    },
    clients: {
      load: `clients/short-tcp --to {server}:8080 --attempts ${CLIENTS} --concurrency ${CLIENTS} --rate 47 --timeout-ms 2500`,
    },
    phases: { load: { exited: ["load"] }, drain: { elapsedMs: 200 } },
    everyMs: { sockets: 200, listeners: 500, counters: 1000, processes: 400 },
    tcpInfo: true,
  });
}

const quiet = { receiveQueue: "empty", sendQueue: "empty", timer: ["none", "keepalive"] } as const;
const asked = {
  state: "ESTABLISHED",
  side: "listener",
  owner: "listener",
  exchanged: ["received", "both"],
  ...quiet,
} as const satisfies Sockets;
const pooled = {
  state: "ESTABLISHED",
  side: "connector",
  owner: "process",
  exchanged: "both",
  ...quiet,
} as const satisfies Sockets;

interface Starved {
  remote: string;
  waiting: number;
  afterUs: number;
}

/** It has carried a question, and the answer was read. */
function isAnswered({ receivedUs, sentUs, isUnread }: Conversation): boolean {
  return receivedUs !== null && sentUs !== null && receivedUs >= sentUs && !isUnread;
}

/** Whether requests of a process wait for nothing but its pool, whose connections are all answered. */
function starvedOf(own: Conversation[]): Starved | null {
  const connectors = own.filter(({ side }) => side === "connector");
  const untilUs = Math.max(...connectors.map(({ lastUs }) => lastUs));
  const standing = connectors.filter(({ lastUs }) => lastUs === untilUs);
  // It waits for somebody's answer, or has one to read.
  if (standing.some((one) => one.sentUs !== null && !isAnswered(one))) return null;
  for (const [remote, pool] of byAddress(standing.filter(isAnswered))) {
    const uses = pool.map(({ receivedUs }) => receivedUs ?? 0);
    const usedUs = Math.max(...uses);
    if (pool.length < 2 || (usedUs - Math.min(...uses)) / (pool.length - 1) < SPACING_US) continue;
    const came = own.filter((one) => isWaiting(one, usedUs)).map(({ receivedUs }) => receivedUs ?? 0);
    const [firstUs, youngestUs] = [Math.min(...came), Math.max(...came)];
    const spreadUs = youngestUs - firstUs;
    if (came.length < 3 || spreadUs < SPREAD_US || firstUs - usedUs > Math.max(SOON_US, spreadUs)) continue;
    return { remote, waiting: came.length, afterUs: firstUs - usedUs };
  }
  return null;
}

/** Whether a request came after a time, and has waited for long. */
function isWaiting({ side, receivedUs, sentUs, lastUs, isUnread }: Conversation, sinceUs: number): boolean {
  if (side !== "listener" || receivedUs === null || isUnread) return false;
  // A client that is answered and asks again at once was waiting all the time, as one that polls does.
  return receivedUs > sinceUs && (sentUs ?? 0) <= sinceUs && lastUs - receivedUs >= WAITED_US;
}

function isStarved(view: View): Answer {
  const all = conversations(view);
  if (all === null) return { holds: null, observed: "it was not recorded what was sent over them (tcpInfo)" };
  for (const [pid, own] of byProcess(all)) {
    const found = starvedOf(own);
    if (found === null) continue;
    const { remote, waiting, afterUs } = found;
    return {
      holds: true,
      observed: `pid ${pid} last used its connections to ${remote} ${(afterUs / 1e6).toFixed(2)} s before the first of ${waiting} recorded requests that wait, and all of them are answered`,
    };
  }
  return { holds: false, observed: "no process has such connections" };
}

const starved: SymptomExpectation = {
  claim:
    "one process has requests that came one after another for some time, answers none of them, and has used none of its idle connections since the first came",
  because:
    "until then every request had used one of these connections: the requests wait for one, and those that hold them do nothing with them",
  needs: ["sockets"],
  test: isStarved,
};

const neverFull: ExactExpectation = acceptQueueNeverFull({ host: "server" }).because(
  "each connection has a thread of its own at once",
);
const idlePool = socketsStay({ host: "server", port: 9090, ...pooled }, exactly(POOL), {
  forMs: 600,
}).because("each question was answered, the answer was read, and no further one is asked");

export const experiment = failureMode({
  id: "pool-starvation",
  title: "A pool whose connections are lent and not given back",
  question: "Why does nobody get an answer, if the database is idle?",
  tags: ["pool", "threads", "database", "python"],
  signs,
  advice,
  variants: {
    buggy: {
      summary: "a query that fails takes its connection out of the pool for ever",
      setup: setup("buggy"),
      exact: [
        attemptsOk({ program: "load" }, exactly(ANSWERED)).because(
          "every second query fails, so that ten empty a pool of five",
        ),
        outcomes({ program: "load" }, "response timeout", exactly(CLIENTS - ANSWERED)).because(
          "their threads wait for a connection, without a limit",
        ),
        socketsStay({ host: "server", port: 8080, ...asked }, exactly(CLIENTS - ANSWERED), {
          forMs: 800,
        }).because("the requests were read, and the database was not asked"),
        idlePool,
        neverFull,
      ],
    },
    fixed: {
      summary: "the connection is given back whatever becomes of the query",
      setup: setup("fixed"),
      exact: [attemptsOk({ program: "load" }, exactly(CLIENTS)).because("no connection is lost"), neverFull],
    },
    "fixed-by-timeout": {
      summary: "a thread that gets no connection within a tenth of a second tells its client",
      setup: setup("fixed-by-timeout"),
      exact: [
        attemptsOk({ program: "load" }, exactly(CLIENTS)).because(
          "`no connection is free` is an answer, too",
        ),
        idlePool,
        neverFull,
      ],
    },
  },
  symptom: [
    socketsStay(asked, atLeast(5), { forMs: STAY_MS }).because("clients have asked and got no answer"),
    socketsStay(pooled, atLeast(2), { forMs: STAY_MS }).because(
      "connections to another service that have been used and are quiet",
    ),
    starved,
    processStays({ holds: { state: "LISTEN" } }, "sleeping", { forMs: STAY_MS }).because(
      "it waits: a process that computes or is stopped has another reason",
    ),
  ],
  overlaps: {},
});
