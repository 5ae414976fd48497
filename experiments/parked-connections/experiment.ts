import {
  acceptQueueNeverFull,
  atLeast,
  attemptsOk,
  counterMoved,
  exactly,
  failureMode,
  outcomes,
  processStays,
  samplesOf,
  setupOf,
  socketsAtEndOf,
  socketsStay,
  type Answer,
  type ExactExpectation,
  type Setup,
  type SocketExample,
  type SocketGroup,
  type Sockets,
  type SymptomExpectation,
  type View,
} from "../../harness/experiment.ts";
import { advice, signs } from "./advice.ts";

const CLIENTS = 47;
const WORKERS = 5;
/** How long a worker must wait, and a connection must be parked. */
const STAY_MS = 1500;
/** A connection that was accepted so much later than what the workers wait for was accepted while they waited. */
const LATER_MS = 300;

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
    everyMs: { sockets: 100, listeners: 100, counters: 500, processes: 100 },
    tcpInfo: true,
  });
}

/** An answer is owed. */
const owed = {
  state: "ESTABLISHED",
  side: "listener",
  owner: "listener",
  sendQueue: "empty",
  exchanged: "received",
} as const satisfies Sockets;
const parked = { ...owed, receiveQueue: "holding" } as const;
const taken = { ...owed, receiveQueue: "empty" } as const;

/** A connection for as long as it was seen like this. */
interface Wait {
  pid: number;
  port: number;
  fromUs: number;
  toUs: number;
  /** When its last data came. */
  askedUs: number;
}

/** The recorded connections that were parked, or taken, and for how long. null where what was exchanged was not recorded. */
function waits(view: View, which: typeof parked | typeof taken): Wait[] | null {
  const found = new Map<number, Wait>();
  let isKnown = true;
  for (const { atUs, groups } of samplesOf(view, "sockets")) {
    for (const { group, row } of groups.filter((one) => isLike(one, which)).flatMap(withRows)) {
      const { inode, tcpInfo, pids } = row;
      if (tcpInfo === undefined || group.exchanged === undefined) isKnown = false;
      else if (group.exchanged === "received" && (which === taken || isUnread(row))) {
        const askedUs = atUs - tcpInfo.lastDataReceivedMs * 1000;
        const fromUs = found.get(inode)?.fromUs ?? atUs;
        found.set(inode, { pid: pids[0] ?? 0, port: group.port, fromUs, toUs: atUs, askedUs });
      }
    }
  }
  const long = [...found.values()].filter(({ fromUs, toUs }) => toUs - fromUs >= STAY_MS * 1000);
  return long.length === 0 && !isKnown ? null : long;
}

function isLike(group: SocketGroup, { state, side, owner, receiveQueue, sendQueue }: Sockets): boolean {
  return (
    group.state === state &&
    group.side === side &&
    group.owner === owner &&
    group.receiveQueue === receiveQueue &&
    group.sendQueue === sendQueue
  );
}

function withRows(group: SocketGroup): { group: SocketGroup; row: SocketExample }[] {
  return group.examples.map((row) => ({ group, row }));
}

/** Whether all that ever came is still in the queue. */
function isUnread({ receiveQueueBytes, tcpInfo }: SocketExample): boolean {
  return tcpInfo !== undefined && receiveQueueBytes === tcpInfo.bytesReceived;
}

function isParked(view: View): Answer {
  const [behind, ahead] = [waits(view, parked), waits(view, taken)];
  if (behind === null || ahead === null) {
    return { holds: null, observed: "it was not recorded what was received over them (tcpInfo)" };
  }
  for (const first of ahead) {
    const later = behind.find(
      ({ pid, port, askedUs }) =>
        pid === first.pid && port === first.port && askedUs - first.askedUs >= LATER_MS * 1000,
    );
    if (later === undefined) continue;
    const after = ((later.askedUs - first.askedUs) / 1e6).toFixed(1);
    return {
      holds: true,
      observed: `pid ${first.pid} had a request of port ${first.port} that it had read and not answered, and one ${after} s younger that it had not read`,
    };
  }
  return { holds: false, observed: "no such connections" };
}

const acceptedBehind: SymptomExpectation = {
  claim:
    "for 1.5 s or longer one process owes an answer to a request that it has read, and has not begun to read one that came later",
  because: "it went on accepting while those that should read were waiting for something",
  needs: ["sockets"],
  test: isParked,
};

const neverFull: ExactExpectation = acceptQueueNeverFull({ host: "server" }).because(
  "the thread that accepts waits for nothing else",
);

export const experiment = failureMode({
  id: "parked-connections",
  title: "Accepted, and put where nobody takes it",
  question: "Why are requests not read, if the server accepts every connection at once?",
  tags: ["threads", "pool", "accept-queue", "python"],
  signs,
  advice,
  variants: {
    buggy: {
      summary: "five workers wait for a backend without a limit, and the queue before them has none either",
      setup: setup("buggy"),
      exact: [
        outcomes({ program: "load" }, "response timeout", exactly(CLIENTS)).because(
          "five requests were read and are not answered, and nobody reads the others",
        ),
        socketsStay({ host: "server", port: 8080, ...taken }, exactly(WORKERS), { forMs: STAY_MS }).because(
          "each worker has read the request of one client, and waits",
        ),
        socketsStay({ host: "server", port: 8080, ...parked }, exactly(CLIENTS - WORKERS), {
          forMs: 800,
        }).because(
          "a descriptor in the executor's queue: accept() gave it to the process, and no thread reads",
        ),
        socketsStay(
          {
            host: "server",
            port: 9090,
            state: "ESTABLISHED",
            side: "connector",
            exchanged: "sent",
            sendQueue: "empty",
          },
          exactly(WORKERS),
          { forMs: STAY_MS },
        ).because("what the workers wait for: their queries were acknowledged, and nothing came back"),
        neverFull,
      ],
    },
    fixed: {
      summary: "a worker waits for a tenth of a second",
      setup: setup("fixed"),
      exact: [
        attemptsOk({ program: "load" }, exactly(CLIENTS)).because(
          "every worker is soon free for the next one",
        ),
        counterMoved({ host: "server", counter: "TcpActiveOpens" }, exactly(CLIENTS)).because(
          "each request was read, and the backend asked",
        ),
        socketsAtEndOf("drain", { host: "server", state: "ESTABLISHED" }, exactly(0)).because(
          "every connection was answered and closed",
        ),
        neverFull,
      ],
    },
    "fixed-by-limit": {
      summary: "no more connections than workers: others are refused with a line",
      setup: setup("fixed-by-limit"),
      exact: [
        attemptsOk({ program: "load" }, exactly(CLIENTS - WORKERS)).because("`busy` is an answer, too"),
        outcomes({ program: "load" }, "response timeout", exactly(WORKERS)).because(
          "the workers still wait for the backend",
        ),
        counterMoved({ host: "server", counter: "TcpActiveOpens" }, exactly(WORKERS)).because(
          "nobody else comes as far as the backend",
        ),
        neverFull,
      ],
    },
  },
  symptom: [
    socketsStay(parked, atLeast(5), { forMs: STAY_MS }).because(
      "a process has accepted them, and has not read the request",
    ),
    socketsStay(taken, atLeast(1), { forMs: STAY_MS }).because("others it has read, and not answered"),
    acceptedBehind,
    processStays({ holds: { state: "LISTEN" } }, "sleeping", { forMs: STAY_MS }).because(
      "it waits: a process that computes or is stopped has another reason",
    ),
  ],
  overlaps: {},
});
