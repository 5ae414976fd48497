import type { TrialProgress } from "../lab/order.ts";
import type { HostName } from "../model/names.ts";
import type { PressureSample, SocketsSample } from "../model/sample.ts";
import { usedByAll } from "../observers/cost.ts";
import { countStates } from "../observers/sockets/states.ts";

/** For so long a phase's use of the processors is told at each look: programs that start or stop change it, and others wait for their room. */
const MOVING_MS = 1000;

/** What a trial tells of itself while it runs. Each message passes through two processes: what is no news is not sent. */
export class Progress {
  readonly #say: (said: TrialProgress) => void;
  readonly #states = new Map<HostName, string>();
  #used: PressureSample | null = null;

  constructor(say: (said: TrialProgress) => void) {
    this.#say = say;
  }

  /** What the processors gave until now: told at once early in a phase, and later with the next of the sockets. */
  saw(sample: PressureSample, phaseElapsedMs: number): void {
    this.#used = sample;
    if (phaseElapsedMs < MOVING_MS) this.#tellUsed();
  }

  /** A few times a second: the sockets of the hosts where their states changed. */
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
