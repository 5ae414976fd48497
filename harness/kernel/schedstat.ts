import { closeSync, openSync, readdirSync, readSync } from "node:fs";

/** What the scheduler did for tasks since they began, in whole microseconds: `waitedUs` is ready to run, and not running. */
export interface RunTime {
  ranUs: number;
  waitedUs: number;
}

/**
 * A line of /proc/PID/schedstat: nanoseconds on a processor, nanoseconds ready and waiting for one, and the number of slices
 * (Documentation/scheduler/sched-stats.rst). null when it is not one, and where the kernel does not keep such figures: then
 * all three are 0 (CONFIG_SCHED_INFO, proc_pid_schedstat in fs/proc/base.c).
 */
export function parseSchedstat(line: string): RunTime | null {
  const figures = /^(\d+) (\d+) (\d+)\s*$/.exec(line);
  if (figures === null || figures[3] === "0") return null;
  return { ranUs: micros(figures[1]), waitedUs: micros(figures[2]) };
}

function micros(nanoseconds: string | undefined): number {
  return Math.round(Number(nanoseconds) / 1000);
}

/** What the main thread of a process had; null when it is gone, may not be read, or the kernel does not count. */
export function mainThreadRunTime(pid: number): RunTime | null {
  return read(`/proc/${pid}/schedstat`);
}

/** What all the threads together had that a process has now; null as with one. */
export function runTime(pid: number): RunTime | null {
  const threads = threadsOf(pid).flatMap((thread) => read(`/proc/${pid}/task/${thread}/schedstat`) ?? []);
  return threads.length === 0 ? null : threads.reduce(addRunTimes);
}

/** The sum of two. */
export function addRunTimes(one: RunTime, other: RunTime): RunTime {
  return { ranUs: one.ranUs + other.ranUs, waitedUs: one.waitedUs + other.waitedUs };
}

/**
 * A process and all that descend from it now, itself first; of one that is gone, it alone. What a thread other than the main one has
 * started is not found: each has a list of its own (/proc/PID/task/TID/children, proc_pid_task(5)).
 */
export function descendants(pid: number): number[] {
  const family = [pid];
  for (const one of family) {
    const children = text(`/proc/${one}/task/${one}/children`) ?? "";
    if (children !== "") family.push(...children.split(" ").filter(Boolean).map(Number));
  }
  return family;
}

function threadsOf(pid: number): string[] {
  try {
    return readdirSync(`/proc/${pid}/task`);
  } catch {
    return [];
  }
}

function read(path: string): RunTime | null {
  const line = text(path);
  return line === null ? null : parseSchedstat(line);
}

const BUFFER = Buffer.allocUnsafe(4096);

/** A short file of /proc; null when it is not there or not ours to read. A third of the time that readFileSync takes. */
function text(path: string): string | null {
  let fd: number;
  try {
    fd = openSync(path, "r");
  } catch {
    return null;
  }
  try {
    return BUFFER.toString("latin1", 0, readSync(fd, BUFFER, 0, BUFFER.length, 0));
  } catch {
    // ESRCH: the process ended while its file was open.
    return null;
  } finally {
    closeSync(fd);
  }
}
