import type { HostName } from "../model/names.ts";
import type { ProcessRow } from "../model/sample.ts";
import { type Evidence, samplesOf } from "./evidence.ts";
import { type Processes, selected } from "./processes.ts";

/** What a process does for a time. */
export type Activity = "busy" | "sleeping" | "stopped";

/** A process, and a stretch of time during which something held at every look. */
export interface ProcessStretch {
  pid: number;
  name: string;
  host: HostName;
  fromUs: number;
  toUs: number;
  /** The share of one processor that it used in that time: 1 is all of it. */
  share: number;
  /** The least and the greatest figure in that time, where a figure was asked for. */
  min: number;
  max: number;
}

/** A process that uses this share of a processor is busy, whatever its state at a look. */
const BUSY_SHARE = 0.8;
/** On a machine with other work a busy process gets less, and is running or ready to run at every look. */
const BUSY_AND_READY_SHARE = 0.1;
/** Timers and signals wake a process that has nothing to do. */
const SLEEPING_SHARE = 0.05;

interface Look {
  atUs: number;
  row: ProcessRow;
}

/**
 * The longest time for which one of the selected processes was busy, asleep or stopped, from look to look without a break. null where no
 * such time was seen. `isOpen`: it could be longer, because the state was not recorded at some looks (older recordings).
 */
export function longestActivity(
  evidence: Evidence,
  which: Processes,
  activity: Activity,
): { stretch: ProcessStretch | null; unrecorded: ProcessStretch | null } {
  const between = (before: Look, after: Look): boolean | null => did(activity, before, after);
  const processes = looksOfEach(evidence, which);
  return {
    stretch: longest(processes, (before, after) => between(before, after) === true),
    unrecorded: longest(processes, (before, after) => between(before, after) !== false),
  };
}

/** The longest time for which a figure of one of the selected processes was within a bound, at every look without a break. */
export function longestFigure(
  evidence: Evidence,
  which: Processes,
  figure: (row: ProcessRow) => number | undefined,
  holds: (value: number) => boolean,
): ProcessStretch | null {
  const within = ({ row }: Look): boolean => {
    const value = figure(row);
    return value !== undefined && holds(value);
  };
  return longest(
    looksOfEach(evidence, which),
    (before, after) => within(before) && within(after),
    ({ row }) => figure(row) ?? 0,
  );
}

/** Whether a process did that from one look to the next; null when its state was not recorded, and decides. */
function did(activity: Activity, before: Look, after: Look): boolean | null {
  const share = shareOf(before, after);
  const states = [before.row.state, after.row.state];
  const both = (letters: string): boolean | null =>
    states.includes(undefined) ? null : states.every((state) => letters.includes(state ?? ""));
  switch (activity) {
    case "busy":
      return share >= BUSY_SHARE || (share < BUSY_AND_READY_SHARE ? false : both("R"));
    case "sleeping":
      return share > SLEEPING_SHARE ? false : both("SDI");
    case "stopped":
      return share > 0 ? false : both("Tt");
  }
}

function shareOf(before: Look, after: Look): number {
  const elapsedMs = (after.atUs - before.atUs) / 1000;
  return elapsedMs > 0 ? (after.row.cpuMs - before.row.cpuMs) / elapsedMs : 0;
}

/** The looks at each selected process, by host and pid. */
function looksOfEach(evidence: Evidence, which: Processes): Map<string, { host: HostName; looks: Look[] }> {
  const rows = selected(evidence, which);
  const found = new Map<string, { host: HostName; looks: Look[] }>();
  for (const sample of samplesOf(evidence, "processes", which.host)) {
    for (const row of rows(sample)) {
      const key = `${sample.host} ${row.pid}`;
      const one = found.get(key) ?? { host: sample.host, looks: [] };
      one.looks.push({ atUs: sample.atUs, row });
      found.set(key, one);
    }
  }
  return found;
}

function longest(
  processes: Map<string, { host: HostName; looks: Look[] }>,
  isSo: (before: Look, after: Look) => boolean,
  figure: (look: Look) => number = () => 0,
): ProcessStretch | null {
  let best: ProcessStretch | null = null;
  for (const { host, looks } of processes.values()) {
    let run: Look[] = [];
    for (const look of looks) {
      const before = run.at(-1);
      run = before !== undefined && isSo(before, look) ? [...run, look] : [look];
      const [first] = run;
      if (first === undefined || run.length < 2) continue;
      if (best !== null && look.atUs - first.atUs <= best.toUs - best.fromUs) continue;
      const figures = run.map(figure);
      best = {
        pid: look.row.pid,
        name: look.row.name,
        host,
        fromUs: first.atUs,
        toUs: look.atUs,
        share: shareOf(first, look),
        min: Math.min(...figures),
        max: Math.max(...figures),
      };
    }
  }
  return best;
}
