import { readdirSync, readlinkSync } from "node:fs";
import { readPage, shortText } from "../../kernel/proc.ts";
import { printable } from "./printable.ts";
import { parseStat, type ProcessStat } from "./stat.ts";

/** All processes in /proc, without dead ones that were not reaped yet. */
export function readProcesses(): ProcessStat[] {
  return pidsThere().flatMap((pid) => readProcess(pid) ?? []);
}

/** The pids in /proc. */
export function pidsThere(): string[] {
  return readdirSync("/proc").filter((entry) => /^\d+$/.test(entry));
}

/** One process; null when it has exited. */
export function readProcess(pid: string): ProcessStat | null {
  const line = unlessGone(() => readPage(`/proc/${pid}/stat`));
  const stat = line === null ? null : parseStat(line);
  return stat === null || stat.state === "Z" || stat.state === "X" ? null : stat;
}

/** How many descriptors a process has, and its sockets of any kind: by inode, a descriptor of each. */
export interface Descriptors {
  count: number;
  sockets: Map<number, number>;
}

/** The descriptors of a process. Null when it has exited, or when they may not be read (another user's process). */
export function readDescriptors(pid: number): Descriptors | null {
  const entries = unlessGone(() => readdirSync(`/proc/${pid}/fd`));
  if (entries === null) return null;
  const sockets = new Map<number, number>();
  for (const entry of entries) {
    const descriptor = Number(entry);
    const inode = socketOf(pid, descriptor);
    if (inode !== null) sockets.set(inode, descriptor);
  }
  return { count: entries.length, sockets };
}

/** The inode of the socket that a descriptor refers to now; null when it refers to something else, or was closed. */
export function socketOf(pid: number, descriptor: number): number | null {
  const target = unlessGone(() => readlinkSync(`/proc/${pid}/fd/${descriptor}`));
  // `socket:[12345]` (proc_pid_fd(5)).
  return target?.startsWith("socket:[") === true ? Number(target.slice(8, -1)) : null;
}

/** The soft limit of a process's descriptors in /proc/PID/limits (proc_pid_limits(5)). Null when it has exited or may not be read. */
export function readDescriptorLimit(pid: number): number | null {
  const text = unlessGone(() => readPage(`/proc/${pid}/limits`));
  const limit = text === null ? null : /^Max open files +(\d+) /m.exec(text);
  return limit === null ? null : Number(limit[1]);
}

/** A command line is shortened to so many characters. */
const MOST_COMMAND = 200;

/**
 * The words with which a process was started, from /proc/PID/cmdline (proc_pid_cmdline(5)), with spaces between them; a program can have
 * changed them since. Empty when it has exited, or is a kernel thread.
 */
export function readCommand(pid: number): string {
  const words = (shortText(`/proc/${pid}/cmdline`) ?? "").replace(/\0+$/, "").replaceAll("\0", " ");
  const command = printable(words);
  return command.length > MOST_COMMAND ? `${command.slice(0, MOST_COMMAND - 3)}...` : command;
}

/** ESRCH: the process ended while its file was open. EACCES and EPERM: we may not read this process (the rules of ptrace(2)). */
const GONE = new Set(["ENOENT", "ESRCH", "EACCES", "EPERM"]);

function unlessGone<T>(read: () => T): T | null {
  try {
    return read();
  } catch (error) {
    if (GONE.has((error as NodeJS.ErrnoException).code ?? "")) return null;
    throw error;
  }
}
