import { closeSync, openSync, readdirSync, readSync } from "node:fs";

const BUFFER = Buffer.allocUnsafe(4096);

/** The first page of a file of /proc; null when it is not there, or not ours to read. A third of the time that readFileSync takes. */
export function shortText(path: string): string | null {
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

/** The numbers of a process's threads; of one that is gone, none. */
export function threadsOf(pid: number): string[] {
  try {
    return readdirSync(`/proc/${pid}/task`);
  } catch {
    return [];
  }
}
