import {
  attemptsOk,
  atLeast,
  callsEnded,
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
  type SymptomExpectation,
  type View,
} from "../../harness/experiment.ts";
import { advice, signs } from "./advice.ts";

/** Clients while the server lives, and clients after its death. */
const SERVED = 23;
const LATE = 7;
/** How long a queue must stand still. A process that accepts needs milliseconds. */
const STANDS_MS = 1000;

function setup(program: string): Setup {
  return setupOf({
    sysctls: { "net.ipv4.tcp_tw_reuse": "0" },
    servers: { server: { run: `python3 {here}/${program}.py 8080`, listens: 8080 } },
    clients: {
      load: `clients/short-tcp --to {server}:8080 --attempts ${SERVED} --rate 100`,
      // It learns of the server's death by its own connection, and is then the server that is started again. The kernel closes the
      // descriptors of a dead process one after another, the connections before the listener.
      successor: {
        run: [
          "clients/calls",
          "connect {server}:8080",
          "recv end",
          "close",
          "wait 300",
          "listen 8080 5",
          "unlisten",
        ],
        host: "server",
        withinMs: 60_000,
      },
      late: {
        run: `clients/short-tcp --to {server}:8080 --attempts ${LATE} --concurrency ${LATE} --timeout-ms 2000 --at-signal`,
        withinMs: 60_000,
      },
    },
    phases: [
      { name: "load", until: { exited: ["load"] } },
      { name: "drain", until: { exited: ["late"] } },
    ],
    interventions: [
      {
        name: "the server is killed",
        phase: "drain",
        when: { elapsedMs: 300 },
        do: { signal: "SIGKILL", program: "server" },
      },
      {
        name: "late clients come",
        phase: "drain",
        when: { exited: ["successor"] },
        do: { signal: "SIGCONT", program: "late" },
      },
    ],
    everyMs: { sockets: 100, listeners: 100, counters: 500, processes: 100 },
  });
}

const served = attemptsOk({ program: "load" }, exactly(SERVED)).because(
  "while the server lives it accepts: nothing tells of the second holder",
);

/** The listening socket goes with the server, though the worker lives. */
const healthy: ExactExpectation[] = [
  served,
  callsEnded({ program: "successor", call: "listen" }, 0, exactly(1)).because(
    "the last descriptor of the listening socket was the server's, and the kernel closed it with the process",
  ),
  outcomes({ program: "late" }, "connect ECONNREFUSED", exactly(LATE)).because(
    "nobody listens, and the kernel says so at once",
  ),
  socketsAtEndOf("drain", { host: "server", state: "LISTEN" }, exactly(0)).because(
    "the worker lives on, and does not hold the socket",
  ),
];

/** A listener whose queue stands still, held only by processes that were left behind, at the looks of `atUs`. */
interface Standing {
  port: number;
  fromUs: number;
  toUs: number;
  /** null where it was not recorded. */
  isLeft: boolean | null;
}

/** The longest time for which some listener's queue held connections and never fell, by whether its holders were left behind. */
function longestStanding(view: View, isLeft: Standing["isLeft"]): Standing | null {
  const since = new Map<number, { fromUs: number; queue: number }>();
  let longest: Standing | null = null;
  for (const { atUs, listeners } of samplesOf(view, "listeners")) {
    for (const { port, inode, queue, pids } of listeners) {
      const before = since.get(inode);
      const stands = queue > 0 && leftBehind(view, pids, atUs) === isLeft;
      if (!stands) since.delete(inode);
      else if (before === undefined || queue < before.queue) since.set(inode, { fromUs: atUs, queue });
      else since.set(inode, { fromUs: before.fromUs, queue });
      const fromUs = since.get(inode)?.fromUs ?? atUs;
      if (stands && atUs - fromUs >= (longest === null ? 0 : longest.toUs - longest.fromUs)) {
        longest = { port, fromUs, toUs: atUs, isLeft };
      }
    }
  }
  return longest;
}

/** Whether what began each of these processes has ended, by the last look at processes before then; null where that is not known. */
function leftBehind(view: View, pids: number[] | undefined, atUs: number): boolean | null {
  if (pids === undefined || pids.length === 0) return null;
  const look = samplesOf(view, "processes").findLast((sample) => sample.atUs <= atUs);
  const ended = pids.map((pid) => look?.processes.find((row) => row.pid === pid)?.leaderEnded);
  if (ended.includes(false)) return false;
  return ended.includes(undefined) ? null : true;
}

function isDeserted(view: View): Answer {
  const isLong = (one: Standing | null): one is Standing =>
    one !== null && one.toUs - one.fromUs >= STANDS_MS * 1000;
  const left = longestStanding(view, true);
  if (isLong(left)) {
    const [from, to] = [left.fromUs, left.toUs].map((us) => (us / 1e6).toFixed(2));
    return {
      holds: true,
      observed: `connections waited at port ${left.port} from ${from} s to ${to} s, and none was accepted`,
    };
  }
  if (isLong(longestStanding(view, null))) {
    return { holds: null, observed: "a queue stood still, and it was not recorded who holds its listener" };
  }
  return { holds: false, observed: "no such queue" };
}

const deserted: SymptomExpectation = {
  claim:
    "connections wait at a listener for 1 s or longer, none is accepted, and only processes that were left behind hold it",
  because:
    "the process that listened is gone, and a child that never knew of the socket has it: the queue only grows",
  needs: ["listeners", "processes"],
  test: isDeserted,
};

export const experiment = failureMode({
  id: "forked-child-holds-listener",
  title: "A dead server whose child still holds the listening socket",
  question: "Why do clients connect to a server that is dead, and why does a new one get EADDRINUSE?",
  tags: ["accept-queue", "descriptors", "processes", "restart"],
  signs,
  advice,
  variants: {
    buggy: {
      summary: "a worker that is forked when the server listens, and knows nothing of the listening socket",
      setup: setup("buggy"),
      exact: [
        served,
        callsEnded({ program: "successor", call: "listen" }, "EADDRINUSE", exactly(1)).because(
          "the old socket still listens: a process that is alive holds a descriptor of it. SO_REUSEADDR does not help against a listener",
        ),
        outcomes({ program: "late" }, "response timeout", exactly(LATE)).because(
          "the kernel finishes the handshake and acknowledges the request, and nobody calls accept()",
        ),
        socketsStay(
          {
            host: "server",
            state: "ESTABLISHED",
            side: "listener",
            port: 8080,
            owner: "none",
            receiveQueue: "holding",
          },
          exactly(LATE),
          { forMs: STANDS_MS },
        ).because("the connections lie in the accept queue, with their requests, and belong to no process"),
        socketsAtEndOf("drain", { host: "server", state: "LISTEN", owner: "listener" }, exactly(1)).because(
          "the listening socket has one holder left",
        ),
      ],
    },
    fixed: {
      summary: "the worker closes its copy of the listening socket first",
      setup: setup("fixed"),
      exact: healthy,
    },
    "fixed-by-exec": {
      summary: "the worker is a new program, and no descriptor survives exec()",
      setup: setup("fixed-by-exec"),
      exact: healthy,
    },
  },
  symptom: [
    deserted,
    processStays({ holds: { state: "LISTEN" } }, "sleeping", { forMs: STANDS_MS }).because(
      "the holder sleeps: it waits for something else, and not for connections",
    ),
    socketsStay({ state: ["ESTABLISHED", "CLOSE-WAIT"], side: "listener", owner: "none" }, atLeast(1), {
      forMs: STANDS_MS,
    }).because("connections that no process holds: the kernel has made them, and nobody took them"),
  ],
  overlaps: {},
});
