import { availableParallelism } from "node:os";
import { countOf } from "../model/count.ts";
import type { Recording } from "../model/recording.ts";
import { processorTime } from "../kernel/pressure.ts";

/** The share of the processors from which on the use by other programs is reported. */
const WORTH_A_LINE = 0.2;

/** Measures how much of this machine's processors other programs use during a run. */
export class Others {
  readonly #beganMs = performance.now();
  readonly #before = processorTime();
  #trialsCpuMs = 0;

  /** Subtracts the processor time of one of lastack's own trials. */
  exclude(recording: Recording): void {
    this.#trialsCpuMs += cpuMsOf(recording);
  }

  /** One line on what other programs used since this object was made, and its effect on the run; null when there is nothing to report. */
  words(suffered: ForWantOfTime): string | null {
    const { user, system } = process.cpuUsage();
    return othersWords(this.share(this.#trialsCpuMs + (user + system) / 1000), suffered);
  }

  /**
   * The share of all processors that other programs used since this object was made, 0 to 1. `ownCpuMs` is what lastack used itself.
   * null where the kernel does not report it.
   */
  share(ownCpuMs: number): number | null {
    const now = processorTime();
    if (now === null || this.#before === null) return null;
    const allMs = (performance.now() - this.#beganMs) * availableParallelism();
    const usedMs = (now.usedUs + now.stolenUs - this.#before.usedUs - this.#before.stolenUs) / 1000;
    return Math.min(1, Math.max(0, (usedMs - ownCpuMs) / allMs));
  }
}

/** The processor time of all processes of a trial, from its recording; 0 when the recording has none. */
export function cpuMsOf({ samples }: Recording): number {
  const cost = samples.findLast((sample) => sample.kind === "cost");
  return cost?.kind === "cost" ? cost.trialCpuMs + (cost.programsCpuMs ?? 0) : 0;
}

/** The trials that got too little processor time: how many were run again, and how many are inconclusive. */
export interface ForWantOfTime {
  again: number;
  inconclusive: number;
}

/** One line on what other programs used and its effect on a run; null when there is nothing to report. */
export function othersWords(share: number | null, { again, inconclusive }: ForWantOfTime): string | null {
  const isWorth = share !== null && share >= WORTH_A_LINE;
  if (!isWorth && again === 0 && inconclusive === 0) return null;
  const processors = availableParallelism();
  const all = processors === 1 ? "the processor" : `the ${processors} processors`;
  const used =
    share === null
      ? "The machine was busy"
      : `Other programs used ${Math.round(share * 100)} % of ${all} during the run`;
  const did = [
    ...(again === 0
      ? []
      : [
          `${countOf(again, "trial")} got too little processor time and ${again === 1 ? "was" : "were"} run again`,
        ]),
    ...(inconclusive === 0
      ? []
      : [
          `${countOf(inconclusive, "trial")} ${inconclusive === 1 ? "is" : "are"} inconclusive for lack of time`,
        ]),
  ];
  return did.length === 0 ? `${used}; no verdict was affected.` : `${used}: ${did.join(", and ")}.`;
}
