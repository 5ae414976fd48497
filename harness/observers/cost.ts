import { addRunTimes, type RunTime } from "../kernel/schedstat.ts";
import { childrenCpuUs } from "../kernel/usage.ts";
import type { PressureSample } from "../model/sample.ts";

/** Processor time so far, in milliseconds: of this process, and of the children that have ended. */
export function cpuSoFar(): { trialCpuMs: number; programsCpuMs: number } {
  const { user, system } = process.cpuUsage();
  return { trialCpuMs: (user + system) / 1000, programsCpuMs: childrenCpuUs() / 1000 };
}

/** The sum of all tasks of a sample. */
export function usedByAll({ trial, programs, wires }: PressureSample): RunTime {
  const all = [trial ?? null, ...Object.values(programs), ...wires];
  return all.filter((time) => time !== null).reduce(addRunTimes, { ranUs: 0, waitedUs: 0 });
}

/** Processor time of the calling thread so far, in milliseconds. The difference of two values is the cost of what ran in between. */
export { threadCpuMs } from "../kernel/clock.ts";
