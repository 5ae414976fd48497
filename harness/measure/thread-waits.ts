import type { HostName } from "../model/names.ts";
import type { ProcessRow } from "../model/sample.ts";
import type { ThreadWaits, Wait } from "../model/thread-waits.ts";
import { type Evidence, samplesOf } from "./evidence.ts";
import { placeOf } from "./kernel-waits.ts";
import { unreadColumn } from "./unread.ts";

/** What the threads of a process did in some samples. */
export interface ThreadsSeen {
  pid: number;
  /** The process's own name (comm). */
  name: string;
  /** How many samples have it. */
  samples: number;
  /** How many threads it had in the last sample, and how many of them were read. */
  threads: number;
  read: number;
  /** What its main thread did, in how many samples; the most frequent first. */
  main: { wait: Wait; samples: number }[];
  /** What the other threads did: the fewest and the most that did it in a sample. Most of them first. */
  others: { wait: Wait; least: number; most: number }[];
}

/** A time in microseconds, both ends included. */
export interface Span {
  fromUs: number;
  toUs: number;
}

/** What the threads of each process did, as far as that was read. */
export function threadsSeen(evidence: Evidence, span?: Span): ThreadsSeen[] {
  return [...rowsByPid(evidence, undefined, span)].flatMap(([pid, rows]) => {
    const waits = rows.flatMap((row) => waitsIn(row) ?? []);
    const [name, last] = [rows.at(-1)?.name ?? "", waits.at(-1)];
    return last === undefined ? [] : [tallied(pid, name, waits, last)];
  });
}

/** The processes whose threads this user may not read: pid and name. */
export function threadsNotReadable(evidence: Evidence): { pid: number; name: string }[] {
  return [...rowsByPid(evidence)].flatMap(([pid, rows]) => {
    const last = rows.at(-1);
    return last !== undefined && waitsIn(last) === null ? [{ pid, name: last.name }] : [];
  });
}

/**
 * Whether surely none of these processes was waiting for a client in that time: each of its threads slept at every look, in a call that has
 * nothing to do with a connection, and none ran in between. It is not sure where a process was not read, or has more threads than were read.
 */
export function awaitsNoClient(
  evidence: Evidence,
  { host, pids, fromUs, toUs }: { host: HostName; pids: readonly number[] } & Span,
): boolean {
  const processes = rowsByPid(evidence, host, { fromUs, toUs });
  return (
    pids.length > 0 &&
    pids.every((pid) => {
      const rows = processes.get(pid) ?? [];
      return rows.every(sleepsElsewhere) && ranNotAtAll(rows);
    })
  );
}

/** It reads the field as it is: of saved text nobody knows it, and a symptom for which it matters is not judged (unread.ts). */
function sleepsElsewhere({ waits }: ProcessRow): boolean {
  if (waits === undefined || waits === null || readOf(waits) < waits.threads) return false;
  return [waits.main, ...Object.keys(waits.others)].every((wait) => placeOf(wait).for === "other");
}

function ranNotAtAll(rows: readonly ProcessRow[]): boolean {
  return rows.length > 1 && rows.at(-1)?.cpuMs === rows[0]?.cpuMs;
}

/** null where it may not be read; undefined where nobody has read it. */
function waitsIn(row: ProcessRow): ThreadWaits | null | undefined {
  return unreadColumn(row, "waits") === null ? row.waits : undefined;
}

function rowsByPid(evidence: Evidence, host?: HostName, span?: Span): Map<number, ProcessRow[]> {
  const found = new Map<number, ProcessRow[]>();
  for (const { atUs, processes } of samplesOf(evidence, "processes", host)) {
    if (span !== undefined && (atUs < span.fromUs || atUs > span.toUs)) continue;
    for (const row of processes) {
      const rows = found.get(row.pid);
      if (rows === undefined) found.set(row.pid, [row]);
      else rows.push(row);
    }
  }
  return found;
}

function readOf({ others }: ThreadWaits): number {
  return Object.values(others).reduce((sum, count) => sum + count, 1);
}

function tallied(pid: number, name: string, looks: ThreadWaits[], last: ThreadWaits): ThreadsSeen {
  const main = new Map<Wait, number>();
  for (const { main: wait } of looks) main.set(wait, (main.get(wait) ?? 0) + 1);
  const others = [...new Set(looks.flatMap((look) => Object.keys(look.others)))].map((wait) => {
    const counts = looks.map((look) => look.others[wait] ?? 0);
    return { wait, least: Math.min(...counts), most: Math.max(...counts) };
  });
  return {
    pid,
    name,
    samples: looks.length,
    threads: last.threads,
    read: readOf(last),
    main: [...main].map(([wait, samples]) => ({ wait, samples })).toSorted((a, b) => b.samples - a.samples),
    others: others.toSorted((a, b) => b.most - a.most),
  };
}
