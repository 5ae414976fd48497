import { readdirSync, readFileSync } from "node:fs";
import { processCpuMs } from "../../kernel/clock.ts";
import { schedstatFigures } from "../../kernel/schedstat.ts";
import type { ThreadTime } from "../load-run.ts";
import { readDescriptors, readProcesses } from "../../observers/processes/proc.ts";

/** The times of all threads of some processes; none for a process that is gone. */
export function threadTimes(pids: readonly number[]): ThreadTime[] {
  return pids.flatMap((pid) =>
    unlessGone(() => readdirSync(`/proc/${pid}/task`), []).flatMap((tid) => {
      const line = unlessGone(() => readFileSync(`/proc/${pid}/task/${tid}/schedstat`, "latin1"), "");
      const times = parseSchedstat(line);
      return times === null ? [] : [{ pid, tid: Number(tid), ...times }];
    }),
  );
}

/** The processor time of some processes so far, of threads that have ended, too; null when one of them is gone, or when there is none. */
export function processesCpuMs(pids: readonly number[]): number | null {
  const all = pids.map(processCpuMs);
  return all.length === 0 || all.includes(null)
    ? null
    : all.reduce<number>((sum, one) => sum + (one ?? 0), 0);
}

/** A line of /proc/PID/schedstat in milliseconds. Null when it is not one. */
export function parseSchedstat(line: string): Pick<ThreadTime, "ranMs" | "waitedMs"> | null {
  const figures = schedstatFigures(line);
  return figures === null ? null : { ranMs: figures.ranNs / 1e6, waitedMs: figures.waitedNs / 1e6 };
}

/** The processes that hold one of these sockets, as far as this user is allowed to see their descriptors. */
export function holdersOf(inodes: readonly number[]): number[] {
  if (inodes.length === 0) return [];
  return readProcesses()
    .map(({ pid }) => pid)
    .filter((pid) => readDescriptors(pid)?.sockets.some((inode) => inodes.includes(inode)) === true);
}

/** ESRCH: the process ended while its file was open. EACCES and EPERM: the process belongs to another user. */
const GONE = new Set(["ENOENT", "ESRCH", "EACCES", "EPERM"]);

function unlessGone<T>(read: () => T, otherwise: T): T {
  try {
    return read();
  } catch (error) {
    if (GONE.has((error as NodeJS.ErrnoException).code ?? "")) return otherwise;
    throw error;
  }
}
