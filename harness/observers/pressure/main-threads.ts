import { openRunTime, type RunTime, type RunTimeFile } from "../../kernel/schedstat.ts";

/** What the main threads of some processes had, look after look: the file of each stays open. */
export class MainThreads {
  readonly #files = new Map<number, RunTimeFile | null>();
  readonly #asked = new Set<number>();
  readonly #firsts = new Map<number, RunTime>();

  /** null when the process is gone, may not be read, or the kernel does not count. */
  runTime(pid: number): RunTime | null {
    const known = this.#files.get(pid);
    const file = known === undefined ? openRunTime(pid) : known;
    this.#files.set(pid, file);
    this.#asked.add(pid);
    return file?.read() ?? null;
  }

  /** The same, counted from when it was first asked for: what a process waited before anybody knew of it came at no time between two looks. */
  sinceFirst(pid: number): RunTime | null {
    const now = this.runTime(pid);
    if (now === null) return null;
    const first = this.#firsts.get(pid) ?? now;
    this.#firsts.set(pid, first);
    return { ranUs: now.ranUs - first.ranUs, waitedUs: now.waitedUs - first.waitedUs };
  }

  /** Closes the files of those that nobody has asked for since the last call: they are gone, and their numbers may be others' one day. */
  forgetOthers(): void {
    for (const pid of [...this.#files.keys()].filter((one) => !this.#asked.has(one))) this.#forget(pid);
    this.#asked.clear();
  }

  /** Closes all of them. */
  close(): void {
    for (const pid of [...this.#files.keys()]) this.#forget(pid);
  }

  #forget(pid: number): void {
    this.#files.get(pid)?.close();
    this.#files.delete(pid);
    this.#firsts.delete(pid);
  }
}
