import type { TrialProgress } from "../lab/order.ts";
import type { HostName } from "../model/names.ts";
import type { PressureSample, SocketsSample } from "../model/sample.ts";
import { usedByAll } from "../observers/cost.ts";
import { countStates } from "../observers/sockets/states.ts";

/** Early in a phase, every sample of processor use is reported: programs start and stop then, and other trials wait for free processors. */
const MOVING_MS = 1000;

/** Reports on a trial while it runs. Each message passes through two processes, so unchanged values are not sent again. */
export class Progress {
  readonly #say: (said: TrialProgress) => void;
  readonly #states = new Map<HostName, string>();
  #used: PressureSample | null = null;

  constructor(say: (said: TrialProgress) => void) {
    this.#say = say;
  }

  /** Takes a sample of processor use. It is reported at once early in a phase, and later together with the sockets. */
  saw(sample: PressureSample, phaseElapsedMs: number): void {
    this.#used = sample;
    if (phaseElapsedMs < MOVING_MS) this.#tellUsed();
  }

  /** Reports the sockets of the hosts whose states changed. It is called a few times a second. */
  tell(latest: Iterable<SocketsSample>): void {
    for (const { host, groups } of latest) {
      const states = countStates(groups);
      const text = JSON.stringify(states);
      if (text !== this.#states.get(host)) this.#say({ kind: "seen", host, states });
      this.#states.set(host, text);
    }
    this.#tellUsed();
  }

  #tellUsed(): void {
    if (this.#used !== null) this.#say({ kind: "used", ...usedByAll(this.#used) });
    this.#used = null;
  }
}
