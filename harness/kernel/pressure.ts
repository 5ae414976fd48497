import { openSync, readFileSync, readSync } from "node:fs";

/** Clock ticks per second in /proc/stat (USER_HZ). It is 100 on every Linux machine that Node.js runs on (time(7)). */
const TICKS_A_SECOND = 100;

export const PRESSURE_FILE = "/proc/pressure/cpu";

/**
 * For how many microseconds since the machine booted at least one task waited for a processor: `total` in the line `some` of
 * /proc/pressure/cpu (Documentation/accounting/psi.rst). null where the kernel does not count it or does not show it.
 */
export function processorPressureUs(): number | null {
  const total = /total=(\d+)/.exec(pressureText())?.[1];
  return total === undefined ? null : Number(total);
}

/** The file stays open, because it is read ten times a second. Each read from its beginning has current figures. */
let pressureFile: number | undefined;
const LINES = Buffer.allocUnsafe(512);

function pressureText(): string {
  try {
    pressureFile ??= openSync(PRESSURE_FILE, "r");
    return LINES.toString("latin1", 0, readSync(pressureFile, LINES, 0, LINES.length, 0));
  } catch {
    return "";
  }
}

/**
 * Processor time of the whole machine since it booted, in microseconds, added up over all processors (the line `cpu` of /proc/stat,
 * proc_stat(5)). `usedUs` is the time in use by any task; `stolenUs` is the time that the hypervisor gave to other virtual machines.
 * null where it cannot be read.
 */
export function processorTime(): { usedUs: number; stolenUs: number } | null {
  const line = /^cpu +(.*)$/m.exec(textOf("/proc/stat"))?.[1];
  if (line === undefined) return null;
  // user, nice, system, idle, iowait, irq, softirq, steal. The time of guests is contained in user and nice.
  const [user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0, steal = 0] = line.split(" ").map(Number);
  const micros = (ticks: number): number => ticks * (1_000_000 / TICKS_A_SECOND);
  return { usedUs: micros(user + nice + system + irq + softirq), stolenUs: micros(steal) };
}

function textOf(path: string): string {
  try {
    return readFileSync(path, "latin1");
  } catch {
    return "";
  }
}
