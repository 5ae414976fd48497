import { inside } from "../kernel/namespace.ts";
import { processCpuMs } from "../kernel/clock.ts";
import { PAGE_BYTES } from "../kernel/page-size.ts";
import { SockDiag } from "../kernel/sockdiag/dump.ts";
import { ALL_STATES } from "../kernel/sockdiag/state.ts";
import type { ProcessesSample, ProcessRow } from "../model/sample.ts";
import type { ProgramName } from "../model/names.ts";
import type { ObservedHost, Observer } from "./observer.ts";
import { Family } from "./processes/family.ts";
import { readDescriptorLimit, readDescriptors, readProcesses } from "./processes/proc.ts";
import type { ProcessStat } from "./processes/stat.ts";

/** The most shared sockets that a sample lists. The model has this limit. */
const MOST_SHARED = 20;

export interface ProcessesObserver extends Observer<ProcessesSample> {
  /** The pids that held each socket in the last sample, by inode. Sockets of every kind; empty before the first sample. */
  holders: () => ReadonlyMap<number, number[]>;
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
  let holders = new Map<number, number[]>();

  const look = (): ProcessRow[] => {
    const rows: ProcessRow[] = [];
    holders = new Map();
    for (const [stat, program] of family.sort(everyProcess(), roots())) {
      const descriptors = readDescriptors(stat.pid);
      const cpuMs = processCpuMs(stat.pid);
      if (descriptors === null || cpuMs === null) continue;
      const descriptorLimit = readDescriptorLimit(stat.pid);
      for (const inode of descriptors.sockets) {
        const pids = holders.get(inode);
        if (pids === undefined) holders.set(inode, [stat.pid]);
        else pids.push(stat.pid);
      }
      rows.push({
        pid: stat.pid,
        parentPid: stat.parentPid,
        program,
        name: stat.name,
        descriptors: descriptors.count,
        ...(descriptorLimit !== null && { descriptorLimit }),
        sockets: descriptors.sockets.length,
        rssBytes: stat.rssPages * PAGE_BYTES,
        cpuMs,
      });
    }
    return rows;
  };

  return {
    name: "processes",
    costs:
      "0.02 ms for each process in /proc. For each process of a program, 0.03 ms more, and 5 us for each descriptor, because " +
      "descriptors are read one by one (10,000 descriptors: 60 ms). When two processes hold the same socket, also a dump of the " +
      "host's sockets.",
    cannotSee:
      "A process whose descriptors may not be read (another user's, or one that forbids it) has no row. Processes are read one " +
      "after the other: a descriptor that is passed on in between shows in both or in neither. Shared sockets are TCP sockets " +
      "with a state: a CLOSED one has no row in a dump. What the kernel does for a process in an interrupt counts for the " +
      "process that was interrupted. A process that began and ended between two samples is missing. So is one that left its " +
      "program's process group and lost its parent before its first sample.",
    look: (moment) => {
      const rows = look();
      const shared = sharedAmong(holders, diag);
      return {
        kind: "processes",
        ...moment,
        host: host.name,
        processes: rows,
        shared: shared.slice(0, MOST_SHARED),
        sharedCount: shared.length,
      };
    },
    holders: () => holders,
    close: () => diag.close(),
  };
}

/**
 * TCP sockets that two or more processes hold, by inode. The descriptors do not show whether a socket is TCP or a UNIX socket,
 * such as the standard output that a parent and a child share. So the TCP sockets are found in a dump.
 */
function sharedAmong(holders: Map<number, number[]>, diag: SockDiag): ProcessesSample["shared"] {
  const candidates = new Map([...holders].filter(([, pids]) => pids.length > 1));
  const shared: ProcessesSample["shared"] = [];
  if (candidates.size === 0) return shared;
  diag.each({ states: ALL_STATES }, ({ inode }) => {
    const pids = candidates.get(inode);
    // /proc is listed as text: 10010 comes before 9999.
    if (pids !== undefined) shared.push({ inode, pids: pids.toSorted((a, b) => a - b) });
  });
  return shared.toSorted((a, b) => a.inode - b.inode);
}
