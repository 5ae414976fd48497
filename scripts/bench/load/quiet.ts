import { othersPercent, ticksNow } from "./bystanders.ts";

/** What every part of the bench is measured under. */
export interface Conditions {
  rounds: number;
  /** Of each turn. */
  seconds: number;
  cores: { server: number; generator: number };
  /** Where nginx has its files. */
  folder: string;
  turns: QuietTurns;
}

/** What others may have of one core in a turn: with more, what is measured is chance, and the turn is taken again. */
export const QUIET_PERCENT = 15;
const ATTEMPTS = 10;

/** Begins to look at what others have of a core; what comes back says how many percent it was since then. */
type Watch = () => () => number;

/** Takes turns on a machine that others may use, and counts those that were taken again. */
export class QuietTurns {
  readonly #watch: Watch;
  #repeated = 0;

  constructor(watch: Watch = watchOthers) {
    this.#watch = watch;
  }

  get repeated(): number {
    return this.#repeated;
  }

  /** A turn in which nobody else did much. Throws when there was none in ten, or when the turn itself does. */
  async take<T>(turn: () => Promise<T>): Promise<T> {
    let others = 0;
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      if (attempt > 0) this.#repeated += 1;
      const percent = this.#watch();
      const taken = await turn();
      others = percent();
      if (others <= QUIET_PERCENT) return taken;
    }
    throw new Error(`others had ${others.toFixed(0)} % of a core, time and again`);
  }
}

function watchOthers(): () => number {
  const [beganMs, before] = [performance.now(), ticksNow()];
  return () => othersPercent(before, ticksNow(), (performance.now() - beganMs) / 1000);
}
