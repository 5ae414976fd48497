import { othersPercent, ticksNow } from "./bystanders.ts";

/** The conditions for every part of the bench. */
export interface Conditions {
  rounds: number;
  /** The length of each turn. */
  seconds: number;
  cores: { server: number; generator: number };
  /** The folder of nginx's files. */
  folder: string;
  turns: QuietTurns;
}

/** How much of one core others may use in a turn. With more, the result is unreliable, and the turn is repeated. */
export const QUIET_PERCENT = 15;
const ATTEMPTS = 10;

/** Begins to watch others. The returned function gives the percentage of one core that they have used since then. */
type Watch = () => () => number;

/** Runs turns on a machine that others can use too, and counts the repeated ones. */
export class QuietTurns {
  readonly #watch: Watch;
  #repeated = 0;

  constructor(watch: Watch = watchOthers) {
    this.#watch = watch;
  }

  get repeated(): number {
    return this.#repeated;
  }

  /** Repeats a turn until others used little of a core in it. Throws after ten such attempts, or when the turn throws. */
  async take<T>(turn: () => Promise<T>): Promise<T> {
    let others = 0;
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      if (attempt > 0) this.#repeated += 1;
      const percent = this.#watch();
      const taken = await turn();
      others = percent();
      if (others <= QUIET_PERCENT) return taken;
    }
    throw new Error(`other processes used ${others.toFixed(0)} % of a core in all ${ATTEMPTS} turns`);
  }
}

function watchOthers(): () => number {
  const [beganMs, before] = [performance.now(), ticksNow()];
  return () => othersPercent(before, ticksNow(), (performance.now() - beganMs) / 1000);
}
