import { readFileSync } from "node:fs";

/**
 * Clock ticks (proc(5)): the time used by all processes of the machine, the time that the hypervisor took, and the time used by this
 * process and its ended children.
 */
export interface Ticks {
  all: number;
  stolen: number;
  own: number;
}

/**
 * Reads them from the texts of /proc/stat and /proc/self/stat. `all` is the sum of user, nice, system, irq and softirq, because a
 * process is charged for the interrupts during its time. `own` is the sum of utime, stime, cutime and cstime.
 */
export function ticksIn(machine: string, own: string): Ticks {
  const [user, nice, system, , , irq, softirq, stolen] = machine
    .split("\n")[0]!
    .split(/\s+/)
    .slice(1)
    .map(Number);
  const [utime, stime, cutime, cstime] = own
    .slice(own.lastIndexOf(")") + 2)
    .split(" ")
    .slice(11, 15)
    .map(Number);
  return {
    all: user! + nice! + system! + irq! + softirq!,
    stolen: stolen!,
    own: utime! + stime! + cutime! + cstime!,
  };
}

export function ticksNow(): Ticks {
  return ticksIn(readFileSync("/proc/stat", "latin1"), readFileSync("/proc/self/stat", "latin1"));
}

/** Clock ticks a second of both files (sysconf(_SC_CLK_TCK)), 100 on every Linux that Node runs on. */
const PER_SECOND = 100;

/** How much of one core was used between two samples by other processes and by other guests of the hypervisor, in percent. */
export function othersPercent(before: Ticks, after: Ticks, seconds: number): number {
  const ran = Math.max(0, after.all - before.all - (after.own - before.own));
  return ((ran + after.stolen - before.stolen) / PER_SECOND / seconds) * 100;
}
