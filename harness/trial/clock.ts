import { hrtime } from "node:process";
import type { Moment } from "../model/sample.ts";
import type { PhaseName } from "../model/names.ts";

/** CLOCK_MONOTONIC in whole microseconds. process.hrtime reads it on Linux (uv_hrtime, clock_gettime(2)). */
function monotonicUs(): number {
  return Number(hrtime.bigint() / 1000n);
}

type Begun = Pick<Moment, "atUs" | "phase">;

/** The trial's time and phase. Every sample takes its moment from this clock. */
export class TrialClock {
  readonly originUs = monotonicUs();
  /** The origin in microseconds since 1970-01-01 UTC. */
  readonly originUnixUs = Math.round((performance.timeOrigin + performance.now()) * 1000);
  readonly startedAt = new Date(this.originUnixUs / 1000).toISOString();
  /** The phases so far, with their beginnings; the latest is last. */
  readonly #phases: [Begun, ...Begun[]] = [{ phase: "setup", atUs: 0 }];

  get phase(): Moment["phase"] {
    return this.#current.phase;
  }

  get #current(): Begun {
    return this.#phases.at(-1) ?? this.#phases[0];
  }

  now(): Moment {
    return { atUs: monotonicUs() - this.originUs, phase: this.phase };
  }

  enter(phase: PhaseName): void {
    this.#phases.push({ phase, atUs: monotonicUs() - this.originUs });
  }

  phaseElapsedMs(): number {
    return (monotonicUs() - this.originUs - this.#current.atUs) / 1000;
  }

  /** The moment of a monotonic time that another process reported, with the phase at that time. That can be an earlier phase. */
  momentOf(reportedUs: number): Moment {
    const atUs = Math.max(0, Math.round(reportedUs) - this.originUs);
    const begun = this.#phases.findLast((one) => one.atUs <= atUs) ?? this.#phases[0];
    return { atUs, phase: begun.phase };
  }
}
