import { readFileSync } from "node:fs";

/** Clock ticks (proc(5)): what all processes of the machine have had, what the hypervisor took, what this one and its ended children had. */
export interface Ticks {
  all: number;
  stolen: number;
  own: number;
}

/** Reads them from /proc/stat and /proc/self/stat: user, nice, system and both kinds of interrupts of the one (a process is charged for those that it is interrupted by), utime, stime, cutime and cstime of the other. */
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

/** How much of one core others had between two looks, in percent: who ran beside us, and the hypervisor's other guests. */
export function othersPercent(before: Ticks, after: Ticks, seconds: number): number {
  const ran = Math.max(0, after.all - before.all - (after.own - before.own));
  return ((ran + after.stolen - before.stolen) / PER_SECOND / seconds) * 100;
}
