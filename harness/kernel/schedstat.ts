import { closeSync, openSync, readSync } from "node:fs";
import { shortText, threadsOf } from "./proc.ts";

/** What the scheduler did for tasks since they began, in whole microseconds: `waitedUs` is ready to run, and not running. */
export interface RunTime {
  ranUs: number;
  waitedUs: number;
}

/**
 * A line of /proc/PID/schedstat: nanoseconds on a processor, nanoseconds ready and waiting for one, and the number of slices
 * (Documentation/scheduler/sched-stats.rst). null when it is not one.
 */
export function schedstatFigures(line: string): { ranNs: number; waitedNs: number; slices: number } | null {
  const [, ran, waited, slices] = /^(\d+) (\d+) (\d+)\s*$/.exec(line) ?? [];
  return ran === undefined ? null : { ranNs: Number(ran), waitedNs: Number(waited), slices: Number(slices) };
}

/** Such a line in microseconds. null, too, where the kernel does not keep such figures: then all three are 0 (CONFIG_SCHED_INFO, proc_pid_schedstat in fs/proc/base.c). */
export function parseSchedstat(line: string): RunTime | null {
  const figures = schedstatFigures(line);
  if (figures === null || figures.slices === 0) return null;
  return { ranUs: Math.round(figures.ranNs / 1000), waitedUs: Math.round(figures.waitedNs / 1000) };
}

/** What the main thread of a process had; null when it is gone, may not be read, or the kernel does not count. */
export function mainThreadRunTime(pid: number): RunTime | null {
  return read(`/proc/${pid}/schedstat`);
}

/** What the main thread of a process had, to be read again and again: its file stays open, which is a third of the cost. */
export interface RunTimeFile {
  /** null when the process is gone, or the kernel does not count. */
  read: () => RunTime | null;
  close: () => void;
}

/** Opens that file; null when the process is gone or may not be read. */
export function openRunTime(pid: number): RunTimeFile | null {
  let fd: number;
  try {
    fd = openSync(`/proc/${pid}/schedstat`, "r");
  } catch {
    return null;
  }
  return {
    read: () => {
      try {
        return parseSchedstat(LINE.toString("latin1", 0, readSync(fd, LINE, 0, LINE.length, 0)));
      } catch {
        // ESRCH: the process has ended.
        return null;
      }
    },
    close: () => closeSync(fd),
  };
}

const LINE = Buffer.allocUnsafe(128);

/** What all the threads together had that a process has now; null as with one. */
export function runTime(pid: number): RunTime | null {
  const threads = threadsOf(pid).flatMap((thread) => read(`/proc/${pid}/task/${thread}/schedstat`) ?? []);
  return threads.length === 0 ? null : threads.reduce(addRunTimes);
}

/** The sum of two. */
export function addRunTimes(one: RunTime, other: RunTime): RunTime {
  return { ranUs: one.ranUs + other.ranUs, waitedUs: one.waitedUs + other.waitedUs };
}

function read(path: string): RunTime | null {
  const line = shortText(path);
  return line === null ? null : parseSchedstat(line);
}
