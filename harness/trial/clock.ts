import { hrtime } from "node:process";
import type { Moment } from "../model/sample.ts";
import type { PhaseName } from "../model/setup.ts";

/** CLOCK_MONOTONIC in whole microseconds: what process.hrtime reads on Linux (uv_hrtime, clock_gettime(2)). */
function monotonicUs(): number {
  return Number(hrtime.bigint() / 1000n);
}

/** The trial's time and phase: every sample's moment comes from here. */
export class TrialClock {
  readonly originUs = monotonicUs();
  readonly startedAt = new Date().toISOString();
  phase: PhaseName | "setup" = "setup";
  #phaseBeganUs = this.originUs;

  now(): Moment {
    return { atUs: monotonicUs() - this.originUs, phase: this.phase };
  }

  enter(phase: PhaseName): void {
    this.phase = phase;
    this.#phaseBeganUs = monotonicUs();
  }

  phaseElapsedMs(): number {
    return (monotonicUs() - this.#phaseBeganUs) / 1000;
  }

  /** A moment that another process of this machine told in monotonic microseconds. */
  momentOf(toldUs: number): Moment {
    return { atUs: Math.max(0, Math.round(toldUs) - this.originUs), phase: this.phase };
  }
}
