import { availableParallelism } from "node:os";
import type { Recording } from "../model/recording.ts";
import { processorTime } from "../kernel/pressure.ts";

/** From this share of the processors on, what others used is worth a line. */
const WORTH_A_LINE = 0.2;

/** Watches what others use of this machine's processors while a run lasts. */
export class Others {
  readonly #beganMs = performance.now();
  readonly #before = processorTime();
  #trialsCpuMs = 0;

  /** A trial of our own was recorded: what it used is not theirs. */
  exclude(recording: Recording): void {
    this.#trialsCpuMs += cpuMsOf(recording);
  }

  /** One line on what others used since this was made, and what that did to the run; null where there is nothing to say. */
  words(suffered: ForWantOfTime): string | null {
    const { user, system } = process.cpuUsage();
    return othersWords(this.share(this.#trialsCpuMs + (user + system) / 1000), suffered);
  }

  /** The share of all processors that somebody else used since this was made, 0 to 1, when our own used so much; null where the kernel does not say. */
  share(ownCpuMs: number): number | null {
    const now = processorTime();
    if (now === null || this.#before === null) return null;
    const allMs = (performance.now() - this.#beganMs) * availableParallelism();
    const usedMs = (now.usedUs + now.stolenUs - this.#before.usedUs - this.#before.stolenUs) / 1000;
    return Math.min(1, Math.max(0, (usedMs - ownCpuMs) / allMs));
  }
}

/** What a trial used of the processors, all its processes together, as its recording says: 0 where it does not. */
export function cpuMsOf({ samples }: Recording): number {
  const cost = samples.findLast((sample) => sample.kind === "cost");
  return cost?.kind === "cost" ? cost.trialCpuMs + (cost.programsCpuMs ?? 0) : 0;
}

/** What became of trials for which the machine had no time. */
export interface ForWantOfTime {
  again: number;
  inconclusive: number;
}

/** One line on what others used and what that did to a run; null where there is nothing to say. */
export function othersWords(share: number | null, { again, inconclusive }: ForWantOfTime): string | null {
  const isWorth = share !== null && share >= WORTH_A_LINE;
  if (!isWorth && again === 0 && inconclusive === 0) return null;
  const processors = availableParallelism();
  const used =
    share === null
      ? "The machine was busy"
      : `Other programs used ${Math.round(share * 100)} % of ${processors === 1 ? "the processor" : `the ${processors} processors`} meanwhile`;
  const trials = (count: number): string => (count === 1 ? "1 trial" : `${count} trials`);
  const did = [
    ...(again === 0 ? [] : [`${trials(again)} had no time and ${again === 1 ? "was" : "were"} run again`]),
    ...(inconclusive === 0
      ? []
      : [`${trials(inconclusive)} ${inconclusive === 1 ? "is" : "are"} inconclusive for want of time`]),
  ];
  return did.length === 0 ? `${used}; no verdict suffered by it.` : `${used}: ${did.join(", and ")}.`;
}
