import { openRunTime, type RunTime, type RunTimeFile } from "../../kernel/schedstat.ts";

/** Reads the run times of some processes' main threads, for one sample after another. Their files stay open. */
export class MainThreads {
  readonly #files = new Map<number, RunTimeFile | null>();
  readonly #asked = new Set<number>();
  readonly #firsts = new Map<number, RunTime>();

  /** The run time of a process's main thread; null when it has exited, may not be read, or the kernel does not count. */
  runTime(pid: number): RunTime | null {
    const known = this.#files.get(pid);
    const file = known === undefined ? openRunTime(pid) : known;
    this.#files.set(pid, file);
    this.#asked.add(pid);
    return file?.read() ?? null;
  }

  /** The same, counted from its first reading. What a process waited before that cannot be assigned to a time between two samples. */
  sinceFirst(pid: number): RunTime | null {
    const now = this.runTime(pid);
    if (now === null) return null;
    const first = this.#firsts.get(pid) ?? now;
    this.#firsts.set(pid, first);
    return { ranUs: now.ranUs - first.ranUs, waitedUs: now.waitedUs - first.waitedUs };
  }

  /** Closes the files of processes that were not read since the last call. They have exited, and their pids can be used again. */
  forgetOthers(): void {
    for (const pid of [...this.#files.keys()].filter((one) => !this.#asked.has(one))) this.#forget(pid);
    this.#asked.clear();
  }

  /** Closes all files. */
  close(): void {
    for (const pid of [...this.#files.keys()]) this.#forget(pid);
  }

  #forget(pid: number): void {
    this.#files.get(pid)?.close();
    this.#files.delete(pid);
    this.#firsts.delete(pid);
  }
}
