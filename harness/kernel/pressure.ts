import { openSync, readFileSync, readSync } from "node:fs";

/** Clock ticks a second in /proc/stat: USER_HZ, which Linux has as 100 on every machine that Node.js runs on (time(7)). */
const TICKS_A_SECOND = 100;

export const PRESSURE_FILE = "/proc/pressure/cpu";

/**
 * The microseconds, since the machine was booted, in which at least one task waited for a processor: `total` of the line `some` of
 * /proc/pressure/cpu (Documentation/accounting/psi.rst). null where the kernel does not keep it, or does not show it.
 */
export function processorPressureUs(): number | null {
  const total = /total=(\d+)/.exec(pressureText())?.[1];
  return total === undefined ? null : Number(total);
}

/** The file stays open: it is read ten times a second, and is made anew for every read from its beginning. */
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
 * Processor time of the whole machine since it was booted, all processors added up, in microseconds: in use by anybody, and stolen,
 * which is what the hypervisor gave to other machines (the line `cpu` of /proc/stat, proc_stat(5)). null where it cannot be read.
 */
export function processorTime(): { usedUs: number; stolenUs: number } | null {
  const line = /^cpu +(.*)$/m.exec(textOf("/proc/stat"))?.[1];
  if (line === undefined) return null;
  // user, nice, system, idle, iowait, irq, softirq, steal; those of guests are in user and nice already.
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
