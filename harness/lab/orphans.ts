import { becomeSubreaper, childrenOf, reap } from "../kernel/process.ts";

/** How often orphans are looked up in /proc. Nothing depends on the exact time: it only keeps the process table clean. */
const SWEEP_EVERY_MS = 250;

/**
 * Adopts this process's orphaned descendants and, at every sweep, reaps those that are dead. A server may leave helper
 * processes behind that have no parent any more. Node waits only for its own children, so without this class the helpers
 * would stay zombies.
 */
export class Orphanage {
  readonly #own: () => Set<number>;
  #sweptMs = 0;

  /** `own` returns the pids of the children that Node itself waits for. They are left alone. */
  constructor(own: () => Set<number>) {
    this.#own = own;
    // Pid 1 of a namespace inherits orphans anyway.
    if (process.pid !== 1) becomeSubreaper();
  }

  /** Reaps adopted processes that are dead. It can be called often, because it reads /proc only a few times a second. */
  sweep(): void {
    if (performance.now() - this.#sweptMs < SWEEP_EVERY_MS) return;
    this.#sweptMs = performance.now();
    for (const pid of this.#adopted()) reap(pid);
  }

  /** Kills all adopted processes. Their trial is over. */
  clear(): void {
    for (const pid of this.#adopted()) {
      try {
        process.kill(pid, "SIGKILL");
      } catch {
        // Already dead; it is reaped below.
      }
      reap(pid);
    }
  }

  #adopted(): number[] {
    const own = this.#own();
    return childrenOf(process.pid).filter((pid) => !own.has(pid));
  }
}
