/** The times of all processes of a trial together, in microseconds: on a processor, and ready to run but without a processor. */
export interface Used {
  ranUs: number;
  waitedUs: number;
}

interface Admitted {
  /** How many processors the trial needs: the time that its processes ran and waited, divided by the time that passed. */
  wants: number;
  seen: (Used & { atMs: number }) | null;
  /** The trial is still starting its programs, which takes most of its processor time. */
  isStarting: boolean;
}

/** A trial that begins, or that was not measured yet, counts as needing one whole processor. */
const WHOLE = 1;
/** The most trials at once for each processor: each trial has several processes in memory. */
const MOST_A_PROCESSOR = 12;
/**
 * How much need is accepted for each processor. It is more than 1 because a trial that begins also waits for other things, and so is not
 * always ready to run. On two idle processors the whole catalogue took 109 s with 1.25, 91 s with 1.6 and 84 s with 2. The 99th percentile
 * of the programs' longest waits was 94, 107 and 118 ms.
 */
const WANTED_OF_ONE = 1.6;
/** The weight of the earlier estimate of a trial's need in each new estimate; there are four a second. */
const KEPT = 0.25;

/**
 * Decides how many trials run at once, from the processors that they need. A trial begins when the processors have room for it beside the
 * running trials. A process that only waits for a kernel timer needs no processor. A task that is ready but has no processor needs one too.
 * Therefore load from other programs makes trials take longer, but does not let more of them begin.
 */
export class Admission {
  readonly #processors: number;
  readonly #running = new Map<string, Admitted>();

  constructor(processors: number) {
    this.#processors = processors;
  }

  /** Whether one more trial can begin. When none runs, one always can. */
  get hasRoom(): boolean {
    const running = [...this.#running.values()];
    if (running.length === 0) return true;
    if (running.length >= MOST_A_PROCESSOR * this.#processors) return false;
    const wanted = running.reduce((sum, one) => sum + one.wants, 0);
    return wanted + WHOLE <= WANTED_OF_ONE * this.#processors;
  }

  begin(trial: string): void {
    this.#running.set(trial, { wants: WHOLE, seen: null, isStarting: true });
  }

  /** The trial has started its programs: from now on only its measured need counts. */
  started(trial: string): void {
    const one = this.#running.get(trial);
    if (one !== undefined) one.isStarting = false;
  }

  /** Takes what the trial's processes have used so far. Processes that have exited are not included. */
  used(trial: string, { ranUs, waitedUs }: Used, atMs: number): void {
    const one = this.#running.get(trial);
    if (one === undefined) return;
    const { seen } = one;
    one.seen = { ranUs, waitedUs, atMs };
    if (seen === null || atMs <= seen.atMs) return;
    const moreUs = Math.max(0, ranUs - seen.ranUs) + Math.max(0, waitedUs - seen.waitedUs);
    const now = moreUs / 1000 / (atMs - seen.atMs);
    one.wants = KEPT * one.wants + (1 - KEPT) * now;
    if (one.isStarting) one.wants = Math.max(WHOLE, one.wants);
  }

  end(trial: string): void {
    this.#running.delete(trial);
  }
}
