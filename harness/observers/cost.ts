import { addRunTimes, type RunTime } from "../kernel/schedstat.ts";
import { childrenCpuUs } from "../kernel/usage.ts";
import type { PressureSample } from "../model/sample.ts";

/** What this process has used of the processors so far, and what those it started and has seen end have, in milliseconds. */
export function cpuSoFar(): { trialCpuMs: number; programsCpuMs: number } {
  const { user, system } = process.cpuUsage();
  return { trialCpuMs: (user + system) / 1000, programsCpuMs: childrenCpuUs() / 1000 };
}

/** What all the tasks of a look had together. */
export function usedByAll({ trial, programs, wires }: PressureSample): RunTime {
  const all = [trial ?? null, ...Object.values(programs), ...wires];
  return all.filter((time) => time !== null).reduce(addRunTimes, { ranUs: 0, waitedUs: 0 });
}

/** What the calling thread has used of the processors so far, in milliseconds: the difference of two is what something took in between. */
export { threadCpuMs } from "../kernel/clock.ts";
