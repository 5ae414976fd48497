import { closeSync, openSync, readSync } from "node:fs";
import { shortText, threadsOf } from "./proc.ts";

/** For how long tasks ran since they began, and for how long they were ready to run and had no processor. In whole microseconds. */
export interface RunTime {
  ranUs: number;
  waitedUs: number;
}

/**
 * Parses a line of /proc/PID/schedstat: nanoseconds on a processor, nanoseconds ready and waiting for one, and the number of
 * slices (Documentation/scheduler/sched-stats.rst). null when it is not such a line.
 */
export function schedstatFigures(line: string): { ranNs: number; waitedNs: number; slices: number } | null {
  const [, ran, waited, slices] = /^(\d+) (\d+) (\d+)\s*$/.exec(line) ?? [];
  return ran === undefined ? null : { ranNs: Number(ran), waitedNs: Number(waited), slices: Number(slices) };
}

/**
 * The same in microseconds. Also null when the kernel does not keep these figures: then all three are 0 (CONFIG_SCHED_INFO,
 * proc_pid_schedstat in fs/proc/base.c).
 */
export function parseSchedstat(line: string): RunTime | null {
  const figures = schedstatFigures(line);
  if (figures === null || figures.slices === 0) return null;
  return { ranUs: Math.round(figures.ranNs / 1000), waitedUs: Math.round(figures.waitedNs / 1000) };
}

/** The figures of a process's main thread; null when it has exited, may not be read, or the kernel does not count. */
export function mainThreadRunTime(pid: number): RunTime | null {
  return read(`/proc/${pid}/schedstat`);
}

/** Reads a process's main thread again and again. Its file stays open; that reduces the cost of a reading to a third. */
export interface RunTimeFile {
  /** null when the process has exited, or the kernel does not count. */
  read: () => RunTime | null;
  close: () => void;
}

/** Opens that file; null when the process has exited or may not be read. */
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

/** The sum for all threads that a process has now; null in the same cases. */
export function runTime(pid: number): RunTime | null {
  const threads = threadsOf(pid).flatMap((thread) => read(`/proc/${pid}/task/${thread}/schedstat`) ?? []);
  return threads.length === 0 ? null : threads.reduce(addRunTimes);
}

/** The sum of two run times. */
export function addRunTimes(one: RunTime, other: RunTime): RunTime {
  return { ranUs: one.ranUs + other.ranUs, waitedUs: one.waitedUs + other.waitedUs };
}

function read(path: string): RunTime | null {
  const line = shortText(path);
  return line === null ? null : parseSchedstat(line);
}
