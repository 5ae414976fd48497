import type { ClientPlan } from "../../harness/load/plan.ts";
import { sinceStartUs } from "./clock.ts";

/** Signal handlers do not keep a process alive, so a timer does, with the longest interval that Node allows (2^31 - 1 ms). */
const FOR_EVER_MS = 2_147_483_647;

/** When a load begins: at SIGCONT if the plan asks for it, and not before the plan's delay is over. */
export class Beginning {
  readonly #plan: ClientPlan;
  #begin: () => void = () => {};
  #isGivenUp = false;

  constructor(plan: ClientPlan) {
    this.#plan = plan;
  }

  /**
   * To be called when all is prepared. With `atSignal` it prints `ready`, and resolves at SIGCONT. Resolves with the time of the
   * beginning on CLOCK_MONOTONIC, in microseconds.
   */
  async whenPrepared(): Promise<number> {
    if (this.#plan.atSignal && !this.#isGivenUp) await this.#signalled();
    return sinceStartUs(this.#plan.delayMs);
  }

  /** Ends the wait for the signal, because the load is stopped. */
  giveUp(): void {
    this.#isGivenUp = true;
    this.#begin();
  }

  async #signalled(): Promise<void> {
    const alive = setInterval(() => {}, FOR_EVER_MS);
    const signal = new Promise<void>((resolve) => {
      this.#begin = resolve;
      process.once("SIGCONT", resolve);
    });
    process.stdout.write(`ready ${this.#plan.to.port}\n`);
    await signal;
    clearInterval(alive);
  }
}
