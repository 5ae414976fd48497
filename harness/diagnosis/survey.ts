import { readFileSync } from "node:fs";
import { inside, type NetworkNamespace } from "../kernel/namespace.ts";
import { SockDiag } from "../kernel/sockdiag/dump.ts";
import { ALL_STATES, LISTEN } from "../kernel/sockdiag/state.ts";
import type { ListenersSample, ProcessesSample, SocketGroup } from "../model/sample.ts";
import type { Side } from "../model/state.ts";
import { Classifier } from "../observers/sockets/classifier.ts";
import { Census } from "../observers/sockets/group.ts";
import { byPort, listenerRow } from "../observers/sockets/listener-row.ts";
import { addHolder, type Holders } from "../observers/sockets/owners.ts";
import { parsePortRange } from "../observers/sockets/ports.ts";
import type { Row } from "../observers/sockets/row.ts";
import { WaitingPeers } from "../observers/sockets/waiting-peers.ts";
import {
  readCommand,
  type Descriptors,
  readDescriptors,
  readProcesses,
} from "../observers/processes/proc.ts";
import { processRow } from "../observers/processes/process-row.ts";
import { TcpSocketFinder } from "../observers/processes/rowless.ts";
import type { ProcessStat } from "../observers/processes/stat.ts";
import type { Asked } from "../model/examined.ts";
import { type Family, familiesOf } from "./families.ts";
import type { RemainsSubject, Subject } from "../model/subject.ts";
import { withThreads } from "./threads.ts";

/** How many sockets of a group are kept as examples: all looks stay in memory. */
const MOST_EXAMPLES = 20;

/** What one look showed of one subject. */
export interface Seen {
  subject: Subject;
  groups: SocketGroup[];
  listeners: ListenersSample["listeners"];
  processes: ProcessesSample["processes"];
  shared: ProcessesSample["shared"];
}

/** A subject while its sockets are counted. The census lives as long as the subject, the rest for one look. */
interface Counted {
  subject: Subject;
  census: Census;
  listeners: ListenersSample["listeners"];
  shared: Map<number, number[]>;
}

const NOBODY: readonly Subject[] = [];

/** A destination of connections: the service's address and port. */
export const destinationOf = (row: Row): string => `${row.remoteAddress} ${row.remotePort}`;

/**
 * Looks at all TCP sockets of a network namespace and at the processes that hold them, again and again, and sorts them by subject. It only
 * reads: netlink dump requests and /proc.
 */
export class Survey {
  readonly #diag: SockDiag;
  readonly #tcp = new TcpSocketFinder();
  readonly #peers = new WaitingPeers();
  readonly #classifier: Classifier;
  readonly #asked: Asked;
  /** The descriptor of each socket in the first of its holders, by inode. */
  #numbers = new Map<number, number>();
  /** The command lines of the last look's families, by name and pid: they are read once. */
  #commands: ReadonlyMap<string, string> = new Map();
  readonly #censuses = new Map<string, Census>();
  /** The processes whose descriptors could not be read in the last look. */
  unread: ProcessStat[] = [];
  /**
   * How many sockets of the last look some process holds that could not be read, or that is not in this /proc. Such a socket is counted from
   * its second look on: one that was made after the descriptors were read has no visible holder in its first look.
   */
  unseenSockets = 0;
  #unseen = new Set<number>();

  /**
   * `asked`: about whom somebody asks. A connection that has that port as its local one is always among the examples, and what threads do is
   * read of whoever is examined then.
   */
  constructor(namespace: NetworkNamespace, asked: Asked = { port: null, pid: null }) {
    this.#asked = asked;
    const { diag, range } = inside(namespace, () => ({
      diag: new SockDiag(),
      range: readFileSync("/proc/sys/net/ipv4/ip_local_port_range", "utf8"),
    }));
    this.#diag = diag;
    this.#classifier = new Classifier(parsePortRange(range), this.#peers);
  }

  /** One look, by subject. Families without a TCP socket in this namespace are left out. */
  look(): Seen[] {
    const stats = readProcesses();
    const { holders, descriptors } = this.#readHolders(stats);
    this.#classifier.begin(holders);
    const { sorting, rows } = this.#sort(stats, holders);
    const { withoutRow } = this.#tcp.find(holders, () => rows);
    const counted = new Map<string, Counted>();
    const unseen = new Set<number>();
    this.unseenSockets = 0;
    this.#diag.each({ states: ALL_STATES, tcpInfo: true }, (row) => {
      if (row.inode !== 0 && !holders.has(row.inode)) {
        unseen.add(row.inode);
        // Probably made since the descriptors were read: it is counted in the next look.
        if (!this.#unseen.has(row.inode)) return;
        this.unseenSockets += 1;
      }
      for (const subject of sorting.subjectsOf(row)) {
        const one = this.#counted(counted, subject);
        one.census.add(row);
        const pids = this.#classifier.pidsOf(row.inode);
        if (pids.length > 1) one.shared.set(row.inode, pids);
      }
      if (row.state !== LISTEN) return;
      // Each of two servers on one port shows both listeners.
      for (const subject of sorting.listeningOn(row)) {
        this.#counted(counted, subject).listeners.push(listenerRow(row, this.#classifier.pidsOf(row.inode)));
      }
    });
    this.#unseen = unseen;
    for (const name of this.#censuses.keys()) if (!counted.has(name)) this.#censuses.delete(name);
    const byPid = new Map(stats.map((stat) => [stat.pid, stat]));
    const seen = [...counted.values()].map(({ subject, census, listeners, shared }) => ({
      subject,
      groups: census.groups(),
      listeners: listeners.toSorted(byPort),
      processes: pidsOf(subject, listeners).flatMap((pid) => rowOf(pid, byPid, descriptors, withoutRow)),
      shared: [...shared].map(([inode, pids]) => ({ inode, pids: pids.toSorted((a, b) => a - b) })),
    }));
    return withThreads(seen, this.#asked);
  }

  close(): void {
    this.#diag.close();
  }

  #readHolders(stats: ProcessStat[]): { holders: Holders; descriptors: Map<number, Descriptors> } {
    const holders = new Map<number, number[]>();
    const descriptors = new Map<number, Descriptors>();
    this.unread = [];
    this.#numbers = new Map();
    for (const stat of stats) {
      const read = readDescriptors(stat.pid);
      if (read === null) {
        this.unread.push(stat);
        continue;
      }
      descriptors.set(stat.pid, read);
      for (const [inode, descriptor] of read.sockets) {
        if (addHolder(holders, inode, stat.pid)) this.#numbers.set(inode, descriptor);
      }
    }
    return { holders, descriptors };
  }

  /**
   * A first walk over the sockets, without struct tcp_info: who listens where, and who connects whither. It finds the families, and whose
   * the sockets are that no process holds. `rows`: the sockets with a row that some process holds.
   */
  #sort(stats: ProcessStat[], holders: Holders): { sorting: Sorting; rows: ReadonlySet<number> } {
    const rows = new Set<number>();
    const listening: { port: number; pids: number[] }[] = [];
    const destinations = new Map<string, Set<number>>();
    const holding = new Set<number>();
    this.#diag.each({ states: ALL_STATES }, (row) => {
      const pids = holders.get(row.inode) ?? [];
      for (const pid of pids) holding.add(pid);
      if (pids.length > 0) rows.add(row.inode);
      this.#peers.learn(row);
      if (row.state === LISTEN) {
        this.#classifier.learn(row);
        listening.push({ port: row.localPort, pids });
      } else if (pids.length > 0 && this.#classifier.sideOf(row) === "connector") {
        const destination = destinationOf(row);
        const known = destinations.get(destination) ?? new Set();
        for (const pid of pids) known.add(pid);
        destinations.set(destination, known);
      }
    });
    const families = familiesOf(stats, listening).filter(({ pids }) => pids.some((pid) => holding.has(pid)));
    const commands = new Map(
      families.map(({ pid, name }) => {
        const one = `${name} ${pid}`;
        return [one, this.#commands.get(one) ?? readCommand(pid)];
      }),
    );
    this.#commands = commands;
    const sorting = new Sorting(families, {
      destinations,
      classifier: this.#classifier,
      unseen: this.#unseen,
      commands,
    });
    return { sorting, rows };
  }

  #newCensus(): Census {
    return new Census(MOST_EXAMPLES, this.#classifier, { hasTcpInfo: true, always: this.#asked.port });
  }

  #counted(all: Map<string, Counted>, subject: Subject): Counted {
    const known = all.get(subject.name);
    if (known !== undefined) return known;
    const census = this.#censuses.get(subject.name) ?? this.#newCensus();
    this.#censuses.set(subject.name, census);
    census.begin(this.#numbers);
    const made = { subject, census, listeners: [], shared: new Map<number, number[]>() };
    all.set(subject.name, made);
    return made;
  }
}

/** Finds the subjects to which a socket belongs. */
export class Sorting {
  readonly #byPid = new Map<number, Subject>();
  readonly #byPort = new Map<number, Subject[]>();
  readonly #destinations: ReadonlyMap<string, ReadonlySet<number>>;
  readonly #classifier: Classifier;
  /** The remote ports of all destinations. */
  readonly #usedPorts: ReadonlySet<number>;
  /** By port and side. */
  readonly #remains = new Map<number, [RemainsSubject]>();

  /** The sockets that some process held in the look before, but no visible one. */
  readonly #unseen: ReadonlySet<number>;

  constructor(
    families: Family[],
    by: {
      destinations: ReadonlyMap<string, ReadonlySet<number>>;
      classifier: Classifier;
      unseen: ReadonlySet<number>;
      commands: ReadonlyMap<string, string>;
    },
  ) {
    const { destinations } = by;
    this.#destinations = destinations;
    this.#classifier = by.classifier;
    this.#unseen = by.unseen;
    this.#usedPorts = new Set([...destinations.keys()].map((one) => Number(one.slice(one.indexOf(" ")))));
    for (const { pid, name, pids, ports } of families) {
      const subject: Subject = {
        kind: "family",
        name: `${name.replaceAll(/[^\w.-]/g, "_")}-${pid}`,
        pid,
        program: name,
        command: by.commands.get(`${name} ${pid}`) ?? "",
        pids,
        ports,
      };
      for (const each of pids) this.#byPid.set(each, subject);
      for (const port of ports) this.#byPort.set(port, [...(this.#byPort.get(port) ?? []), subject]);
    }
  }

  /**
   * A connection of a port belongs to its listener and to whoever holds it; any other one to its holders. Tens of thousands of rows have
   * neither, so these make no objects.
   */
  subjectsOf(row: Row): readonly Subject[] {
    const side = this.#classifier.sideOf(row);
    const pids = this.#classifier.pidsOf(row.inode);
    const listeners = side === "listener" ? (this.#byPort.get(row.localPort) ?? NOBODY) : NOBODY;
    if (pids.length === 0) return listeners.length > 0 ? listeners : this.#ofNobody(row, side);
    const holders = this.#of(pids);
    // Two servers on one port: each has its own connections.
    const own = listeners.filter((one) => holders.includes(one));
    return [...new Set([...(own.length > 0 ? own : listeners), ...holders])];
  }

  /** Everybody who listens on the port of a LISTEN row; without anybody, to whom the row belongs. */
  listeningOn(row: Row): readonly Subject[] {
    return this.#byPort.get(row.localPort) ?? this.subjectsOf(row);
  }

  /** Who else connects to that destination; without anybody, the remains. */
  #ofNobody(row: Row, side: Side): readonly Subject[] {
    if (side === "connector" && this.#usedPorts.has(row.remotePort)) {
      const users = this.#of(this.#destinations.get(destinationOf(row)) ?? []);
      if (users.length > 0) return users;
    }
    return this.#remainsOf(row, side);
  }

  #of(pids: Iterable<number>): Subject[] {
    return [...new Set([...pids].flatMap((pid) => this.#byPid.get(pid) ?? []))];
  }

  #remainsOf(row: Row, side: Side): readonly Subject[] {
    const port = side === "listener" ? row.localPort : row.remotePort;
    const key = port * 2 + (side === "listener" ? 1 : 0);
    let known = this.#remains.get(key);
    if (known === undefined) {
      const name = `${side === "listener" ? "port" : "to"}-${port}`;
      known = [{ kind: "remains", name, side, port, isHeld: false }];
      this.#remains.set(key, known);
    }
    // An inode without a visible holder: another user's process, or one outside of this pid namespace.
    if (this.#unseen.has(row.inode)) known[0].isHeld = true;
    return known;
  }
}

/** The processes of a family, and those that listen on one of its ports without belonging to it. */
export function pidsOf(subject: Subject, listeners: ListenersSample["listeners"]): number[] {
  if (subject.kind !== "family") return [];
  return [...new Set([...subject.pids, ...listeners.flatMap(({ pids = [] }) => pids)])];
}

function rowOf(
  pid: number,
  stats: ReadonlyMap<number, ProcessStat>,
  descriptors: ReadonlyMap<number, Descriptors>,
  withoutRow: (pid: number, descriptors: Descriptors) => number,
): ProcessesSample["processes"] {
  const [stat, read] = [stats.get(pid), descriptors.get(pid)];
  // Programs have names in setups only.
  const row = stat && read && processRow(stat, "", read, stats);
  return row ? [{ ...row, socketsWithoutRow: withoutRow(pid, read) }] : [];
}
