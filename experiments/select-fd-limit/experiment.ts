import {
  atLeast,
  attemptsOk,
  descriptorsLeft,
  exactly,
  failureMode,
  outcomes,
  quantity,
  samplesOf,
  setupOf,
  socketsStay,
  type Answer,
  type Recording,
  type Setup,
  type SymptomExpectation,
  type View,
} from "../../harness/experiment.ts";
import { advice, signs } from "./advice.ts";

/** FD_SETSIZE of select(2): the number of descriptors that a set of glibc and musl can hold. */
const FD_SETSIZE = 1024;
const CLIENTS = 97;
/** Data files of the server: nearly so many that the descriptors below FD_SETSIZE are used up. */
const FILES = 977;
/** Connections that get a descriptor below FD_SETSIZE, at least: the runtime has some, and a few can have been inherited. */
const SERVED = 23;
/** And those that do not, at least: nobody has fewer than three descriptors of its own. */
const BEYOND = CLIENTS + FILES + 3 - FD_SETSIZE;
const HOLD_MS = 2500;
/** How long a request must lie unread. */
const UNREAD_MS = 1500;

function setup(program: string): Setup {
  return setupOf({
    sysctls: { "net.ipv4.tcp_tw_reuse": "0" },
    servers: {
      server: { run: `python3 {here}/${program}.py 8080 ${FILES}`, listens: 8080, nofile: 2 * FD_SETSIZE },
    },
    clients: {
      load: `clients/short-tcp --to {server}:8080 --attempts ${CLIENTS} --concurrency ${CLIENTS} --hold-ms ${HOLD_MS} --timeout-ms ${HOLD_MS}`,
    },
    phases: [{ name: "load", until: { exited: ["load"] } }],
    everyMs: { sockets: 100, listeners: 500, counters: 500, processes: 100 },
    tcpInfo: true,
  });
}

const unread = {
  state: ["ESTABLISHED", "CLOSE-WAIT"],
  owner: ["listener", "process"],
  receiveQueue: "holding",
} as const;

/** The sockets whose descriptors were recorded, in one process: those that it has read, and those that it leaves unread. */
interface Divided {
  read: Set<number>;
  unread: Set<number>;
  /** Whether a socket was recorded without its descriptor, or without what was received on it. */
  isPartial: boolean;
}

/** By the process that holds them, the descriptors of its connections, and whether their bytes were left unread for UNREAD_MS. */
function dividedByProcess(view: View): Map<number, Divided> {
  const since = new Map<number, number>();
  const processes = new Map<number, Divided>();
  for (const { atUs, groups } of samplesOf(view, "sockets")) {
    for (const { state, owner, exchanged, receiveQueue, examples } of groups) {
      if (
        (state !== "ESTABLISHED" && state !== "CLOSE-WAIT") ||
        (owner !== "listener" && owner !== "process")
      )
        continue;
      for (const { inode, pids, descriptor } of examples) {
        const [pid = 0] = pids;
        const divided = processes.get(pid) ?? { read: new Set(), unread: new Set(), isPartial: false };
        processes.set(pid, divided);
        const fromUs = receiveQueue === "holding" ? (since.get(inode) ?? atUs) : undefined;
        if (fromUs === undefined) since.delete(inode);
        else since.set(inode, fromUs);
        if (descriptor === undefined || exchanged === undefined) divided.isPartial = true;
        else if (fromUs === undefined) {
          if (exchanged === "received" || exchanged === "both") divided.read.add(descriptor);
        } else if (atUs - fromUs >= UNREAD_MS * 1000) divided.unread.add(descriptor);
      }
    }
  }
  return processes;
}

function isDivided(view: View): Answer {
  const processes = [...dividedByProcess(view)];
  for (const [pid, { read, unread: left }] of processes) {
    if (read.size === 0 || left.size === 0) continue;
    const [highest, lowest] = [Math.max(...read), Math.min(...left)];
    if (highest >= FD_SETSIZE || lowest < FD_SETSIZE) continue;
    return {
      holds: true,
      observed: `pid ${pid} has read connections up to descriptor ${highest}, and leaves those from ${lowest} unread`,
    };
  }
  return processes.some(([, { isPartial }]) => isPartial)
    ? { holds: null, observed: "the descriptors of connections were not recorded" }
    : { holds: false, observed: `descriptor ${FD_SETSIZE} divides no process's connections` };
}

const divided: SymptomExpectation = {
  claim: `a process reads its connections with a descriptor below ${FD_SETSIZE}, and none of the others`,
  because: `a set of select(2) has room for ${FD_SETSIZE} descriptors: what divides these connections is nothing about them`,
  needs: ["sockets", "processes"],
  test: isDivided,
};

/** The most descriptors of the server in one look. */
function most(recording: Recording): number {
  const looks = samplesOf(recording, "processes").flatMap(({ processes }) => processes);
  return Math.max(
    ...looks.filter(({ program }) => program === "server").map(({ descriptors }) => descriptors),
  );
}

const many = quantity(
  "descriptors of the server at its peak",
  { needs: ["processes"], of: most },
  atLeast(FD_SETSIZE + BEYOND),
).because("a data file takes a descriptor, as a connection does");

export const experiment = failureMode({
  id: "select-fd-limit",
  title: "Connections that are never read, because their descriptor is too high for select()",
  question: "Why does a server answer its first thousand clients, and none after them?",
  tags: ["descriptors", "limits", "select"],
  signs,
  advice,
  variants: {
    buggy: {
      summary: "each read waits in select(), and the pool keeps the error to itself",
      setup: setup("buggy"),
      exact: [
        attemptsOk({ program: "load" }, atLeast(SERVED)).because("their descriptors are below 1024"),
        outcomes({ program: "load" }, "response timeout", atLeast(BEYOND)).because(
          "select() refuses a descriptor of 1024 or more, and the thread ends without reading or closing",
        ),
        socketsStay({ host: "server", side: "listener", ...unread, owner: "listener" }, atLeast(BEYOND), {
          forMs: UNREAD_MS,
        }).because("the request has arrived, and nobody reads it"),
        many,
      ],
    },
    fixed: {
      summary: "each read waits in poll()",
      setup: setup("fixed"),
      exact: [
        attemptsOk({ program: "load" }, exactly(CLIENTS)).because("poll() takes a descriptor of any number"),
        many,
      ],
    },
  },
  symptom: [
    socketsStay(unread, atLeast(3), { forMs: UNREAD_MS }).because(
      "requests lie unread in accepted connections",
    ),
    divided,
    descriptorsLeft({ holds: unread }, atLeast(2)).because(
      "the limit on open files is not reached: descriptors above 1024 are there, and are given out",
    ),
  ],
  overlaps: {},
});
