import { monotonicUs } from "../load/clock.ts";
import { dueAtUs } from "../load/pacing.ts";
import { Dialogue } from "./dialogue.ts";
import { Gathering } from "./gathering.ts";
import { IdleTime } from "./idle-time.ts";
import type { Plan } from "./options.ts";
import type { Fields } from "./told.ts";

/** All connections of a run: begins each when it is due and has a place. */
export class Crowd {
  readonly #plan: Plan;
  readonly #tell: (line: Fields) => void;
  readonly #gathering: Gathering;
  readonly #idleTime = new IdleTime();
  readonly #open = new Set<Dialogue>();
  readonly #startUs = monotonicUs();
  #begun = 0;
  #isStopped = false;
  #timer: NodeJS.Timeout | undefined;
  #resolve = (): void => {};

  constructor(plan: Plan, tell: (line: Fields) => void) {
    this.#plan = plan;
    this.#tell = tell;
    this.#gathering = new Gathering(plan.connections);
  }

  /** Resolves when all connections are over. */
  run(): Promise<void> {
    return new Promise((resolve) => {
      this.#resolve = resolve;
      this.#beginDue();
    });
  }

  /** Ends all connections; those that have not begun do not begin. */
  stop(): void {
    this.#isStopped = true;
    clearTimeout(this.#timer);
    for (const dialogue of this.#open) dialogue.cancel();
    this.#beginDue();
  }

  #beginDue(): void {
    clearTimeout(this.#timer);
    const { connections, concurrency, ratePerSecond } = this.#plan;
    while (!this.#isStopped && this.#begun < connections && this.#open.size < concurrency) {
      const nowUs = monotonicUs();
      if (nowUs - this.#startUs > this.#plan.beginsWithinMs * 1000) {
        this.#isStopped = true;
        break;
      }
      const dueUs = dueAtUs(this.#startUs, this.#begun + 1, ratePerSecond);
      if (dueUs > nowUs) {
        this.#timer = setTimeout(() => this.#beginDue(), Math.ceil((dueUs - nowUs) / 1000));
        return;
      }
      this.#begin();
    }
    if (this.#open.size === 0 && (this.#isStopped || this.#begun === connections)) this.#resolve();
  }

  #begin(): void {
    this.#begun += 1;
    const together = { gathering: this.#gathering, idleTime: this.#idleTime };
    const dialogue = new Dialogue(this.#begun, this.#plan, together, this.#tell);
    this.#open.add(dialogue);
    const over = (): void => {
      this.#open.delete(dialogue);
      this.#beginDue();
    };
    // A mistake of this program must end it, not only one connection.
    dialogue.play().then(over, (error: unknown) => {
      setImmediate(() => {
        throw error;
      });
    });
  }
}
