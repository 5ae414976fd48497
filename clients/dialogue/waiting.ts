import { monotonicUs } from "../load/clock.ts";

/** Why a wait was given up: its limit, or a signal. */
export type GivenUp = "timeout" | "ECANCELED";

/** The wait of one connection. It has at most one at a time. */
export class Waiting {
  #wake = (): void => {};
  #isCancelled = false;

  /** Something has changed. */
  ring(): void {
    this.#wake();
  }

  /** Ends this wait, and every later one. */
  cancel(): void {
    this.#isCancelled = true;
    this.#wake();
  }

  /** Waits until `ready` gives a result. `ready` is asked now, after every change, and once more when the limit is reached. */
  async until<Result>(ready: () => Result | null, limitMs: number): Promise<Result | GivenUp> {
    const endUs = monotonicUs() + limitMs * 1000;
    for (;;) {
      const result = ready();
      if (result !== null) return result;
      if (this.#isCancelled) return "ECANCELED";
      const leftMs = Math.ceil((endUs - monotonicUs()) / 1000);
      if (leftMs <= 0) {
        // A busy machine can delay this process beyond the limit, while bytes that came in time wait in the kernel. Node reads them
        // before it calls setImmediate.
        await new Promise((resolve) => setImmediate(resolve));
        return ready() ?? "timeout";
      }
      await this.#change(leftMs);
    }
  }

  #change(mostMs: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = mostMs === Number.POSITIVE_INFINITY ? undefined : setTimeout(() => this.#wake(), mostMs);
      this.#wake = () => {
        clearTimeout(timer);
        this.#wake = () => {};
        resolve();
      };
    });
  }
}
