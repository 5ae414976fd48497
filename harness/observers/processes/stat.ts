import { printable } from "./printable.ts";

/** The fields of /proc/PID/stat that are used here (proc_pid_stat(5)). */
export interface ProcessStat {
  pid: number;
  /** comm, at most 15 bytes: printable. */
  name: string;
  /** One letter: Z is dead and not yet reaped, X is dead. */
  state: string;
  parentPid: number;
  processGroup: number;
  session: number;
  /** When it began, in clock ticks since boot. The pid and this time together identify a process. */
  startTicks: number;
  /** The processor time that it spent in the kernel, in clock ticks. */
  kernelTicks: number;
  rssPages: number;
}

/** Parses a line of /proc/PID/stat. Null when it is not such a line. */
export function parseStat(line: string): ProcessStat | null {
  // The name is in brackets and can contain blanks and brackets. After the last bracket, fields are separated by single blanks.
  const open = line.indexOf("(");
  const close = line.lastIndexOf(")");
  if (open < 0 || close < open) return null;
  // Field 3 is at index 0.
  const fields = line.slice(close + 2).split(" ");
  const number = (field: number): number => Number(fields[field - 3]);
  const stat = {
    pid: Number(line.slice(0, open)),
    name: printable(line.slice(open + 1, close)),
    state: fields[0] ?? "",
    parentPid: number(4),
    processGroup: number(5),
    session: number(6),
    startTicks: number(22),
    kernelTicks: number(15),
    rssPages: number(24),
  };
  return Number.isNaN(stat.pid + stat.parentPid + stat.processGroup + stat.session + stat.rssPages)
    ? null
    : stat;
}
