import type { ProcessesSample, ProcessRow } from "../model/sample.ts";
import type { HostName, PhaseName, ProgramName } from "../model/names.ts";
import { type Evidence, samplesOf } from "./evidence.ts";
import { type Series, seriesOfHosts } from "./series.ts";
import { exampleRows, type Sockets } from "./sockets.ts";

/** Which processes are meant: of a host, and of a program of the setup with all its children. */
export interface Processes {
  host?: HostName;
  program?: ProgramName;
}

/** A process that holds a socket's descriptor. Its name is null when it was never seen in a process sample. */
export interface Holder {
  pid: number;
  name: string | null;
  program: ProgramName | null;
}

/** A socket that several processes held at one moment, by its inode. */
export interface SharedSocket {
  host: HostName;
  inode: number;
  holders: Holder[];
  /** The first and the last look that saw it shared. */
  fromUs: number;
  toUs: number;
}

/** A figure of processes, added up over those that are meant, a point for every look. */
export function processSeries(
  evidence: Evidence,
  which: Processes,
  figure: "descriptors" | "sockets" | "rssBytes" | "cpuMs",
): Series {
  return seriesOfHosts(samplesOf(evidence, "processes", which.host), (sample) =>
    sample.processes
      .filter((row) => which.program === undefined || row.program === which.program)
      .reduce((sum, row) => sum + row[figure], 0),
  );
}

/** How many of a program's descriptors of sockets were given back before a phase was over; null without a look in it. */
export function descriptorsBack(evidence: Evidence, which: Processes, phase: PhaseName): number | null {
  const series = processSeries(evidence, which, "sockets");
  const { last } = series.during(phase);
  const highest = last === null ? null : series.window(0, last.atUs).peak;
  return last === null || highest === null ? null : highest.value - last.value;
}

/** A process's descriptors, and how many it may have. */
export interface DescriptorUse {
  pid: number;
  name: string;
  descriptors: number;
  limit: number;
}

/** The process that came nearest to its limit of descriptors, in the look that saw it so; null where no limit was read. */
export function nearestToLimit(evidence: Evidence, which: Processes): DescriptorUse | null {
  const share = (use: DescriptorUse): number => use.descriptors / use.limit;
  return samplesOf(evidence, "processes", which.host)
    .flatMap(({ processes }) => processes)
    .filter(({ program }) => which.program === undefined || program === which.program)
    .flatMap(({ pid, name, descriptors, descriptorLimit }) =>
      descriptorLimit === undefined ? [] : [{ pid, name, descriptors, limit: descriptorLimit }],
    )
    .reduce<DescriptorUse | null>(
      (most, use) => (most === null || share(use) > share(most) ? use : most),
      null,
    );
}

/**
 * The sockets that were seen held by the same processes in two looks or more, each once. One look is not enough: between
 * fork() and exec() a child holds every descriptor of its parent for a moment, and that is no sharing. At most 20 shared
 * sockets are listed of each look, so there may be more.
 */
export function sharedSockets(evidence: Evidence, host?: HostName): SharedSocket[] {
  const samples = samplesOf(evidence, "processes", host);
  const found = new Map<string, SharedSocket>();
  for (const sample of samples) {
    for (const { inode, pids } of sample.shared) {
      const key = `${sample.host} ${inode} ${pids.toSorted((a, b) => a - b).join(" ")}`;
      const known = found.get(key) ?? {
        host: sample.host,
        inode,
        fromUs: sample.atUs,
        holders: named(pids, samples, sample.host),
      };
      found.set(key, { ...known, toUs: sample.atUs });
    }
  }
  const lasting = [...found.values()].filter((socket) => socket.toUs > socket.fromUs);
  return [...new Map(lasting.map((socket) => [`${socket.host} ${socket.inode}`, socket])).values()];
}

/** The processes that held the sockets that are meant, as far as rows of those were written down. */
export function holders(evidence: Evidence, which: Sockets): Holder[] {
  const pids = new Set(exampleRows(evidence, which).flatMap((row) => row.pids));
  return named([...pids], samplesOf(evidence, "processes", which.host), which.host);
}

function named(pids: number[], samples: ProcessesSample[], host: HostName | undefined): Holder[] {
  const rows = new Map<number, ProcessRow>();
  for (const sample of samples) {
    if (host !== undefined && sample.host !== host) continue;
    for (const row of sample.processes) rows.set(row.pid, row);
  }
  return pids
    .toSorted((a, b) => a - b)
    .map((pid) => ({ pid, name: rows.get(pid)?.name ?? null, program: rows.get(pid)?.program ?? null }));
}
