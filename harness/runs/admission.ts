/** What all processes of a trial have had since they began, in microseconds: on a processor, and ready without one. */
export interface Used {
  ranUs: number;
  waitedUs: number;
}

interface Admitted {
  /** How many processors it wants: what its processes ran and waited, for each second that passed. */
  wants: number;
  seen: (Used & { atMs: number }) | null;
  /** Its programs are still being started, which is most of what a trial costs. */
  isStarting: boolean;
}

/** A trial that begins wants a processor to itself; so does one of which nothing was seen yet. */
const WHOLE = 1;
/** More trials than this are never run at once, for each processor: each has some processes in memory. */
const MOST_A_PROCESSOR = 12;
/**
 * So much may be wanted of each processor: more than there is, for who begins waits for others too, and is not always ready. The whole
 * catalogue on two idle processors took 109 s with 1.25, 91 s with 1.6 and 84 s with 2; of the programs' longest waits the 99th percentile
 * was 94, 107 and 118 ms.
 */
const WANTED_OF_ONE = 1.6;
/** Of what was seen of a trial's wants before, so much counts beside what is seen now, four times a second. */
const KEPT = 0.25;

/**
 * Which trials run at once, by what they are seen to want: one begins when there is a processor for it beside what those that run
 * want now. What only waits for a timer of the kernel's wants nothing. A task that is ready and has no processor wants one just the
 * same, so that what others do on the machine changes nothing here: it makes trials take longer, and their number does not grow by that.
 */
export class Admission {
  readonly #processors: number;
  readonly #running = new Map<string, Admitted>();

  constructor(processors: number) {
    this.#processors = processors;
  }

  /** Whether one more may begin. One always may where none runs. */
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

  /** Its programs are there: what it wants from now on is what is seen of it. */
  started(trial: string): void {
    const one = this.#running.get(trial);
    if (one !== undefined) one.isStarting = false;
  }

  /** What its processes have used by now. What was used by some that are gone since is not in it. */
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
