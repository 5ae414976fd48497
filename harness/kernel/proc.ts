import { closeSync, openSync, readdirSync, readSync } from "node:fs";

const BUFFER = Buffer.allocUnsafe(4096);

/**
 * The first page of a file in /proc; mostly that is one line. It takes a third of the time of readFileSync, which matters because every
 * sample reads such a file for every process. Throws the system's error; ESRCH means that the process ended while its file was open.
 */
export function readPage(path: string): string {
  const fd = openSync(path, "r");
  try {
    return BUFFER.toString("latin1", 0, readSync(fd, BUFFER, 0, BUFFER.length, 0));
  } finally {
    closeSync(fd);
  }
}

/** The same; null when the file does not exist or may not be read. */
export function shortText(path: string): string | null {
  try {
    return readPage(path);
  } catch {
    return null;
  }
}

/** The ids of a process's threads; empty when the process has exited. */
export function threadsOf(pid: number): string[] {
  try {
    return readdirSync(`/proc/${pid}/task`);
  } catch {
    return [];
  }
}
