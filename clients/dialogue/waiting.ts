import { monotonicUs } from "../load/clock.ts";

/** Why a wait was given up: its limit, or a signal. */
export type GivenUp = "timeout" | "ECANCELED";

/** How many turns of the event loop it takes until a FIN that waits in the kernel is reported, over TLS too. */
const TURNS = 4;

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
        await turns();
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

/**
 * A busy machine can delay this process beyond a limit, while bytes that came in time wait in the kernel. Each turn of the event loop
 * reads them before it calls setImmediate.
 */
async function turns(): Promise<void> {
  for (let turn = 0; turn < TURNS; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}
