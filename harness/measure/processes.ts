import type { ProcessesSample, ProcessRow } from "../model/sample.ts";
import type { HostName, PhaseName, ProgramName } from "../model/names.ts";
import { type Evidence, samplesOf } from "./evidence.ts";
import { type Series, seriesOfHosts } from "./series.ts";
import { unreadColumn } from "./unread.ts";
import { exampleRows, matchingGroups, type Sockets } from "./sockets.ts";

/** Selects processes: those of a host, those of a program of the setup with all its children, and those that hold such sockets. */
export interface Processes {
  host?: HostName;
  program?: ProgramName;
  /** Only processes that held one of these sockets at some look, as far as rows of these sockets were recorded. */
  holds?: Omit<Sockets, "host">;
}

/** A process that holds a socket's descriptor. Its name is null when no process sample has it. */
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

/** A figure summed over the selected processes, with a point for every look. */
export function processSeries(
  evidence: Evidence,
  which: Processes,
  figure: "descriptors" | "sockets" | "rssBytes" | "cpuMs",
): Series {
  const rows = selected(evidence, which);
  return seriesOfHosts(samplesOf(evidence, "processes", which.host), (sample) =>
    rows(sample).reduce((sum, row) => sum + row[figure], 0),
  );
}

/** Returns the selected processes of a look. */
export function selected(evidence: Evidence, which: Processes): (look: ProcessesSample) => ProcessRow[] {
  const { program, holds } = which;
  const holding = holds === undefined ? null : holdersAtAnyLook(evidence, holds);
  return ({ host, processes }) =>
    processes.filter(
      (row) =>
        (program === undefined || row.program === program) &&
        (holding === null || holding.has(`${host} ${row.pid}`)),
    );
}

/** The processes that held such sockets, each as its host and its pid. */
function holdersAtAnyLook(evidence: Evidence, which: Omit<Sockets, "host">): Set<string> {
  const looks = samplesOf(evidence, "sockets");
  return new Set(
    looks.flatMap((look) =>
      matchingGroups(look, which, "known").flatMap(({ examples }) =>
        examples.flatMap(({ pids }) => pids.map((pid) => `${look.host} ${pid}`)),
      ),
    ),
  );
}

/** How many socket descriptors a program closed before a phase was over, from its maximum; null without a look in the phase. */
export function descriptorsBack(evidence: Evidence, which: Processes, phase: PhaseName): number | null {
  const series = processSeries(evidence, which, "sockets");
  const { last } = series.during(phase);
  const highest = last === null ? null : series.window(0, last.atUs).peak;
  return last === null || highest === null ? null : highest.value - last.value;
}

/** How many descriptors a process has, and its limit. */
export interface DescriptorUse {
  pid: number;
  name: string;
  descriptors: number;
  limit: number;
}

/** The process that came nearest to its limit of descriptors, as of that look; null if no limit was read. */
export function nearestToLimit(evidence: Evidence, which: Processes): DescriptorUse | null {
  const share = (use: DescriptorUse): number => use.descriptors / use.limit;
  return samplesOf(evidence, "processes", which.host)
    .flatMap(selected(evidence, which))
    .flatMap(({ pid, name, descriptors, descriptorLimit }) =>
      descriptorLimit === undefined ? [] : [{ pid, name, descriptors, limit: descriptorLimit }],
    )
    .reduce<DescriptorUse | null>(
      (most, use) => (most === null || share(use) > share(most) ? use : most),
      null,
    );
}

/**
 * The sockets that the same processes held in two or more looks, each socket once. One look is not enough: between fork() and exec() a
 * child holds every descriptor of its parent for a moment, which does not count as sharing. A look lists at most 20 shared sockets, so
 * there can be more.
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

/** The processes that held the selected sockets, as far as rows of these sockets were recorded. */
export function holders(evidence: Evidence, which: Sockets): Holder[] {
  const rows = exampleRows(evidence, which).filter((row) => unreadColumn(row, "pids") === null);
  const pids = new Set(rows.flatMap((row) => row.pids));
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
    .map((pid) => {
      const { name = null, program = "" } = rows.get(pid) ?? {};
      // Outside of a trial no program has a name.
      return { pid, name, program: program === "" ? null : program };
    });
}
