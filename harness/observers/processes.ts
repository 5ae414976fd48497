import { inside } from "../kernel/namespace.ts";
import { SockDiag } from "../kernel/sockdiag/dump.ts";
import { ALL_STATES, stateMask } from "../kernel/sockdiag/state.ts";
import type { ProcessesSample, ProcessRow } from "../model/sample.ts";
import type { ProgramName } from "../model/names.ts";
import type { ObservedHost, Observer } from "./observer.ts";
import { Family } from "./processes/family.ts";
import { processRow } from "./processes/process-row.ts";
import { type Descriptors, readDescriptors, readProcesses } from "./processes/proc.ts";
import { TcpSocketFinder } from "./processes/rowless.ts";
import { listedShared } from "./processes/shared-sockets.ts";
import type { ProcessStat } from "./processes/stat.ts";
import { addHolder, type Holders } from "./sockets/owners.ts";

const COSTS =
  "0.02 ms for each process in /proc. For each process of a program, 0.03 ms more, and 5 us for each descriptor, because " +
  "descriptors are read one by one (10,000 descriptors: 60 ms). In addition a dump of the host's sockets, without those in " +
  "TIME-WAIT, and 10 us for each socket without a row when it is first seen.";
const CANNOT_SEE =
  "A process whose descriptors may not be read (another user's, or one that forbids it) has no row. Processes are read one " +
  "after the other: a descriptor that is passed on in between shows in both or in neither. Shared sockets are TCP sockets " +
  "with a state: a CLOSED one has no row in a dump. It is counted among the sockets without a row, and so are a TCP socket " +
  "that is not connected yet and one of another network namespace; a socket of MPTCP is not. The state is that of the main " +
  "thread at this moment. What the kernel does for a process in an interrupt counts for the " +
  "process that was interrupted. A process that began and ended between two samples is missing. So is one that left its " +
  "program's process group and lost its parent before its first sample.";

/** A descriptor can refer to a socket in each of these states. */
const HELD_STATES = (ALL_STATES & ~stateMask(["TIME-WAIT", "SYN-RECEIVED"])) >>> 0;

export interface ProcessesObserver extends Observer<ProcessesSample> {
  /** The pids that held each socket in the last sample, by inode. Sockets of every kind; empty before the first sample. */
  holders: () => ReadonlyMap<number, number[]>;
  /** The descriptor of each socket in the first of its holders, by inode. */
  descriptors: () => ReadonlyMap<number, number>;
}

/**
 * Samples the processes of a host's programs. `roots` is called for each sample and returns the pid of each program's first
 * process. The processes in its process group and its descendants belong to the program, too. `everyProcess` returns all processes
 * in /proc; when several hosts are sampled together, it is read only once.
 */
export function observeProcesses(
  host: ObservedHost,
  roots: () => ReadonlyMap<ProgramName, number>,
  everyProcess: () => ProcessStat[] = readProcesses,
): ProcessesObserver {
  const diag = inside(host.namespace, () => new SockDiag());
  const family = new Family();
  const tcp = new TcpSocketFinder();
  let holders = new Map<number, number[]>();
  let numbers = new Map<number, number>();

  const look = (): Pick<ProcessesSample, "processes" | "shared"> => {
    const rows: { row: ProcessRow; descriptors: Descriptors }[] = [];
    holders = new Map();
    numbers = new Map();
    const everyone = everyProcess();
    const pids = new Set(everyone.map(({ pid }) => pid));
    for (const [stat, program] of family.sort(everyone, roots())) {
      const descriptors = readDescriptors(stat.pid);
      if (descriptors === null) continue;
      const row = processRow(stat, program, descriptors, pids);
      if (row === null) continue;
      for (const [inode, descriptor] of descriptors.sockets) {
        if (addHolder(holders, inode, stat.pid)) numbers.set(inode, descriptor);
      }
      rows.push({ row, descriptors });
    }
    const { rows: inRows, withoutRow } = tcp.find(holders, (held) => rowsOf(diag, held));
    return {
      processes: rows.map(({ row, descriptors }) => ({
        ...row,
        socketsWithoutRow: withoutRow(row.pid, descriptors),
      })),
      shared: sharedAmong(holders, inRows),
    };
  };

  return {
    name: "processes",
    costs: COSTS,
    cannotSee: CANNOT_SEE,
    look: (moment) => {
      const { processes, shared } = look();
      return {
        kind: "processes",
        ...moment,
        host: host.name,
        processes,
        ...listedShared(shared),
      };
    },
    holders: () => holders,
    descriptors: () => numbers,
    close: () => diag.close(),
  };
}

/** The sockets among these that have a row. */
function rowsOf(diag: SockDiag, held: Holders): Set<number> {
  const rows = new Set<number>();
  diag.each({ states: HELD_STATES }, ({ inode }) => {
    if (held.has(inode)) rows.add(inode);
  });
  return rows;
}

/**
 * TCP sockets that two or more processes hold, by inode. The descriptors do not show whether a socket is TCP or a UNIX socket,
 * such as the standard output that a parent and a child share. So only sockets with a row in a dump count.
 */
function sharedAmong(holders: Map<number, number[]>, rows: ReadonlySet<number>): ProcessesSample["shared"] {
  return (
    [...holders]
      .filter(([inode, pids]) => pids.length > 1 && rows.has(inode))
      // /proc is listed as text: 10010 comes before 9999.
      .map(([inode, pids]) => ({ inode, pids: pids.toSorted((a, b) => a - b) }))
      .toSorted((a, b) => a.inode - b.inode)
  );
}
