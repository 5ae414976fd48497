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

/** The model's bound on shared sockets that are listed. */
const MOST_SHARED = 20;

export interface ProcessesObserver extends Observer<ProcessesSample> {
  /** The pids that held each socket at the last look, by inode. Sockets of every kind; empty before the first look. */
  holders: () => ReadonlyMap<number, number[]>;
}

/**
 * Looks at the processes of a host's programs. `roots` is asked at each look for the pid that each program was started
 * with; whoever is in its process group or descends from it belongs to it. `everyProcess` is what /proc shows: observers of
 * several hosts that look together need not read it once each.
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
      "0.02 ms for each process that /proc shows, and for each of a program's own 0.03 ms and 5 us a descriptor, whose " +
      "names are read one by one (10,000 descriptors: 60 ms); when two hold one socket, a dump of the host's sockets too.",
    cannotSee:
      "A process whose descriptors may not be read (another user's, or one that forbids it) has no row. Two processes " +
      "are looked at one after the other: a descriptor passed on in between shows in both or in neither. Shared " +
      "sockets are TCP's that have a state: one that is CLOSED has no row in a dump. What the kernel does for a process in " +
      "an interrupt counts for whoever was interrupted. A process that began and ended between two looks is not seen, nor " +
      "one that left its program's process group and lost its parent before it was first seen.",
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
 * TCP sockets that two or more processes hold, by inode. The descriptors alone do not tell TCP from the UNIX sockets that
 * a parent and child have as their standard output, so the kernel is asked which of them are TCP's.
 */
function sharedAmong(holders: Map<number, number[]>, diag: SockDiag): ProcessesSample["shared"] {
  const candidates = new Map([...holders].filter(([, pids]) => pids.length > 1));
  const shared: ProcessesSample["shared"] = [];
  if (candidates.size === 0) return shared;
  diag.each({ states: ALL_STATES }, ({ inode }) => {
    const pids = candidates.get(inode);
    if (pids !== undefined) shared.push({ inode, pids });
  });
  return shared.toSorted((a, b) => a.inode - b.inode);
}
