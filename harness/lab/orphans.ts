import { becomeSubreaper, childrenOf, reap } from "../kernel/process.ts";

/** How often /proc is read for orphans. Nothing waits for it; it only keeps the process table clean. */
const SWEEP_EVERY_MS = 250;

/**
 * Takes in this process's orphaned descendants and, at every sweep, reaps those that are dead. A server may leave
 * helpers behind whose parent is gone; without this they stay zombies, for Node waits only for what it started itself.
 */
export class Orphanage {
  readonly #own: () => Set<number>;
  #sweptMs = 0;

  /** `own` names the children that Node itself waits for: those are never touched. */
  constructor(own: () => Set<number>) {
    this.#own = own;
    // Pid 1 of a namespace inherits orphans anyway.
    if (process.pid !== 1) becomeSubreaper();
  }

  /** Reaps the dead among the adopted. Cheap to call often: it looks at /proc a few times a second only. */
  sweep(): void {
    if (performance.now() - this.#sweptMs < SWEEP_EVERY_MS) return;
    this.#sweptMs = performance.now();
    for (const pid of this.#adopted()) reap(pid);
  }

  /** Ends all that were adopted: their trial is over. */
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
