import { LISTEN } from "../../kernel/sockdiag/state.ts";
import { onlyThese } from "../../measure/unread.ts";
import type { View } from "../../model/expectation.ts";
import type { HostName } from "../../model/names.ts";
import type { CountersSample, ListenersSample, ProcessRow, SocketGroup } from "../../model/sample.ts";
import { listedShared } from "../../observers/processes/shared-sockets.ts";
import { Classifier } from "../../observers/sockets/classifier.ts";
import { Census } from "../../observers/sockets/group.ts";
import type { Row } from "../../observers/sockets/row.ts";
import { parsePortRange } from "../../observers/sockets/ports.ts";
import { listenerRow } from "../../observers/sockets/listener-row.ts";
import { WaitingPeers } from "../../observers/sockets/waiting-peers.ts";
import type { Examination, Patient } from "../examine.ts";
import { familiesOf } from "../families.ts";
import { destinationOf, pidsOf, Sorting } from "../survey.ts";
import type { Subject } from "../../model/subject.ts";
import { groupAsRead, listenerAsRead, processAsRead } from "./as-read.ts";
import type { SavedEvidence } from "./evidence.ts";
import { later, lasting } from "./lasting.ts";
import { Inodes, rowOf } from "./row.ts";
import type { SavedSocket } from "./socket.ts";

const RANGE = "net.ipv4.ip_local_port_range";
/** Its value in a kernel that nobody has configured. */
const USUAL_RANGE = "32768 60999";
/** When the last look is repeated, as if nothing had happened since: for symptoms of any length. */
const LATER_MS = [1000, 3500, 120_000];
/** How many sockets of a group are kept as examples, as in a live examination. */
const MOST_EXAMPLES = 20;

type Look = Pick<SavedEvidence["looks"][number], "atMs" | "sockets">;

/**
 * What saved texts show, as an examination: the same subjects and views, in which what was not in the text is unread. `port` is the one that
 * is asked about.
 */
export function examineSaved(saved: SavedEvidence, port: number | null = null): Examination {
  const evidence = { ...saved, sysctls: onlyThese(saved.sysctls) };
  const { looks } = evidence;
  const counting = new Counting(evidence, port);
  const counted = countedIn(looks, counting);
  const plain = subjectsOf(counted, evidence);
  const others = [
    // Between two looks there is one of what lasted, and nothing else is known.
    ...(looks.length > 1 ? [countedIn(withLasting(looks), new Counting(evidence, port))] : []),
    [...counted, ...laterLooks(looks.at(-1), counting)],
  ].map((some) => subjectsOf(some, evidence));
  const patients = [...plain].map(([name, { subject, view, pids }]): Patient => {
    // Without the listening sockets nobody knows which end of a connection this is.
    return {
      subject,
      view,
      pids,
      others: others.flatMap((one) => one.get(name)?.view ?? []),
      missing: evidence.shows.listeners ? [] : ["listeners"],
    };
  });
  const whole: Patient = {
    subject: { kind: "namespace", name: "here" },
    view: { host: "here", sysctls: evidence.sysctls, samples: countersOf(evidence, "here") },
    pids: new Set(),
    others: [],
  };
  return {
    seconds: (looks.at(-1)?.atMs ?? 0) / 1000,
    looks: looks.length,
    longestLookMs: 0,
    // Counters alone are of the whole namespace.
    patients: looks.length === 0 ? [whole] : patients,
    whole,
    unseenSockets: 0,
    unread: [],
    lack: null,
    saved,
  };
}

function withLasting(looks: readonly Look[]): Look[] {
  return looks.flatMap((look, nth) => {
    const before = looks[nth - 1];
    if (before === undefined) return [look];
    return [{ atMs: (before.atMs + look.atMs) / 2, sockets: lasting(before.sockets, look.sockets) }, look];
  });
}

/** Looks after the last one, as if nothing had happened since. It is counted once more: by then it is known which other ends are gone. */
function laterLooks(last: Look | undefined, counting: Counting): CountedLook[] {
  if (last === undefined) return [];
  const subjects = counting.count(last.sockets);
  return LATER_MS.map((ms) => ({
    atMs: last.atMs + ms,
    subjects: subjects.map((one) => ({ ...one, groups: later(one.groups, ms) })),
  }));
}

interface CountedLook {
  atMs: number;
  subjects: Counted[];
}

function countedIn(looks: readonly Look[], counting: Counting): CountedLook[] {
  return looks.map(({ atMs, sockets }) => ({ atMs, subjects: counting.count(sockets) }));
}

interface Shown {
  subject: Subject;
  view: View;
  pids: Set<number>;
}

type Subjects = Map<HostName, Shown>;

function subjectsOf(seen: readonly CountedLook[], evidence: SavedEvidence): Subjects {
  const found: Subjects = new Map();
  for (const { subjects } of seen) {
    for (const { subject } of subjects) {
      const known = found.get(subject.name) ?? {
        subject,
        view: { host: subject.name, sysctls: evidence.sysctls, samples: [] },
        pids: new Set<number>(),
      };
      known.subject = subject;
      if (subject.kind === "family") for (const pid of subject.pids) known.pids.add(pid);
      found.set(subject.name, known);
    }
  }
  for (const [host, { view }] of found) {
    for (const { atMs, subjects } of seen) {
      const one = subjects.find(({ subject }) => subject.name === host);
      view.samples.push(...samplesAt(atMs, host, one, evidence));
    }
    view.samples.push(...countersOf(evidence, host));
  }
  return found;
}

function samplesAt(
  atMs: number,
  host: HostName,
  one: Counted | undefined,
  evidence: SavedEvidence,
): View["samples"] {
  const at = { atUs: Math.round(atMs * 1000), phase: "load" as const, host };
  const { groups = [], listeners = [], processes = [], shared = [] } = one ?? {};
  const { shows, lacks, oneHolder } = evidence;
  const known = !lacks.has("holder") && !oneHolder;
  return [
    ...(known ? [{ kind: "processes" as const, ...at, processes, ...listedShared(shared) }] : []),
    ...(shows.listeners ? [{ kind: "listeners" as const, ...at, listeners }] : []),
    ...(shows.connections ? [{ kind: "sockets" as const, ...at, groups }] : []),
  ];
}

function countersOf({ counters }: SavedEvidence, host: HostName): CountersSample[] {
  if (counters === null) return [];
  const { fromMs, toMs, deltas } = counters;
  const at = (ms: number): Omit<CountersSample, "deltas"> => ({
    kind: "counters",
    atUs: Math.round(ms * 1000),
    phase: "load",
    host,
  });
  return [
    { ...at(fromMs), deltas: {} },
    { ...at(toMs), deltas },
  ];
}

/** What one look shows of a subject. */
interface Counted {
  subject: Subject;
  groups: SocketGroup[];
  listeners: ListenersSample["listeners"];
  processes: ProcessRow[];
  shared: { inode: number; pids: number[] }[];
}

/** Sorts and counts the sockets of one look after another, with the classifier and the census of a live examination. */
class Counting {
  readonly #evidence: SavedEvidence;
  readonly #classifier: Classifier;
  readonly #peers = new WaitingPeers();
  readonly #port: number | null;
  readonly #inodes = new Inodes();

  constructor(evidence: SavedEvidence, port: number | null) {
    this.#evidence = evidence;
    this.#port = port;
    const { sysctls } = evidence;
    const range = RANGE in sysctls ? sysctls[RANGE] : undefined;
    this.#classifier = new Classifier(parsePortRange(range ?? USUAL_RANGE), this.#peers);
  }

  count(sockets: readonly SavedSocket[]): Counted[] {
    this.#inodes.begin();
    const { lacks } = this.#evidence;
    const rows = sockets.map((socket) => {
      const inode = this.#inodes.of(socket);
      return { row: rowOf(socket, inode, lacks), socket };
    });
    const all = [
      ...rows.filter(({ row }) => row.state === LISTEN),
      ...rows.filter(({ row }) => row.state !== LISTEN),
    ];
    const { holders, names, descriptors } = heldIn(all);
    this.#classifier.begin(holders);
    const sorting = this.#sort(all, names, holders);
    const counted = new Map<
      string,
      { subject: Subject; census: Census } & Pick<Counted, "listeners" | "shared">
    >();
    const of = (subject: Subject): NonNullable<ReturnType<(typeof counted)["get"]>> => {
      const known = counted.get(subject.name) ?? {
        subject,
        census: new Census(MOST_EXAMPLES, this.#classifier, {
          hasTcpInfo: !lacks.has("info"),
          always: this.#port,
        }),
        listeners: [],
        shared: [],
      };
      if (!counted.has(subject.name)) known.census.begin(descriptors);
      counted.set(subject.name, known);
      return known;
    };
    for (const { row } of all) {
      const pids = this.#classifier.pidsOf(row.inode);
      for (const subject of sorting.subjectsOf(row)) {
        of(subject).census.add(row);
        if (pids.length > 1) of(subject).shared.push({ inode: row.inode, pids });
      }
      if (row.state === LISTEN)
        for (const subject of sorting.listeningOn(row)) of(subject).listeners.push(listenerRow(row, pids));
    }
    return [...counted.values()].map(({ subject, census, listeners, shared }) => ({
      subject,
      groups: census.groups().map((group) => groupAsRead(group, this.#evidence)),
      listeners: listeners.map((listener) => listenerAsRead(listener, listeners, lacks)),
      processes: pidsOf(subject, listeners).map((pid) => processAsRead({ pid, name: names.get(pid) ?? "" })),
      shared,
    }));
  }

  #sort(
    all: readonly { row: Row }[],
    names: ReadonlyMap<number, string>,
    holders: ReadonlyMap<number, number[]>,
  ): Sorting {
    for (const { row } of all) {
      this.#peers.learn(row);
      if (row.state === LISTEN) this.#classifier.learn(row);
    }
    const listening = all
      .filter(({ row }) => row.state === LISTEN)
      .map(({ row }) => ({ port: row.localPort, pids: holders.get(row.inode) ?? [] }));
    const destinations = new Map<string, Set<number>>();
    for (const { row } of all) {
      const pids = holders.get(row.inode) ?? [];
      if (row.state === LISTEN || pids.length === 0 || this.#classifier.sideOf(row) !== "connector") continue;
      const to = destinationOf(row);
      destinations.set(to, new Set([...(destinations.get(to) ?? []), ...pids]));
    }
    // Nobody knows whose child a process is: each is of a session of its own.
    const members = [...names].map(([pid, name]) => ({ pid, name, parentPid: 0, session: pid }));
    const unseen = new Set(
      all.flatMap(({ row }) => (row.inode !== 0 && !holders.has(row.inode) ? [row.inode] : [])),
    );
    return new Sorting(familiesOf(members, listening), {
      destinations,
      classifier: this.#classifier,
      unseen,
      commands: new Map(),
    });
  }
}

function heldIn(rows: readonly { row: Row; socket: SavedSocket }[]): {
  holders: Map<number, number[]>;
  names: Map<number, string>;
  descriptors: Map<number, number>;
} {
  const holders = new Map<number, number[]>();
  const names = new Map<number, string>();
  const descriptors = new Map<number, number>();
  for (const { row, socket } of rows) {
    for (const { pid, name, descriptor } of socket.holders) {
      const pids = holders.get(row.inode) ?? [];
      // A process can hold a socket by several descriptors.
      if (!pids.includes(pid)) holders.set(row.inode, [...pids, pid]);
      names.set(pid, name);
      if (descriptor !== null && !descriptors.has(row.inode)) descriptors.set(row.inode, descriptor);
    }
  }
  return { holders, names, descriptors };
}
