import { availableParallelism } from "node:os";
import type { Laboratory } from "../lab/laboratory.ts";
import type { TrialProgress } from "../lab/order.ts";
import { Admission } from "./admission.ts";
import { inParallel, whereThereIsRoom } from "./in-parallel.ts";
import { Others } from "./others.ts";
import { longestFirst, runTrial, setAside, trialName, type TrialPlan, type TrialResult } from "./trial.ts";
import { UNWATCHED, type RunWatch } from "./watch.ts";

/** How trials are run. */
export interface TrialRunOptions {
  /** Where recordings go. */
  folder: string;
  /** Trials at a time; when it is absent, as many as there is room for. */
  jobs?: number | undefined;
  hold?: boolean;
  pcap?: boolean;
  watch?: RunWatch;
  /** Aborted, it ends the trials that run, keeps what they recorded, and begins no more. */
  signal?: AbortSignal | undefined;
  /** Called after each trial, with all results so far. */
  onDone?: (results: TrialResult[]) => void;
  /** Which of them had no time for something and are to be run again; when it is absent, those whose verdict is open for that. */
  again?: (results: TrialResult[]) => TrialResult[];
  onProgress?: (progress: TrialProgress, trial: number) => void;
}

/** How a run of trials ended. */
export interface TrialRun {
  results: TrialResult[];
  interrupted: boolean;
  /** What others did to it, in one line; null where there is nothing to say. */
  others: string | null;
}

/** How often a trial is run again, alone, for which the machine had no time. */
const MOST_AGAIN = 2;

/** Whether a trial's verdict may still change, because it will be run again. */
export function isOpen({ verdict, again, interrupted }: TrialResult): boolean {
  return verdict.forWantOfTime === true && again < MOST_AGAIN && !interrupted;
}

/**
 * Runs trials in a lab, as many at a time as there is room for. Those for which the machine had no time are run again at the end,
 * one after another, twice at most.
 */
export async function runTrials(
  plans: TrialPlan[],
  lab: Laboratory,
  options: TrialRunOptions,
): Promise<TrialRun> {
  const stop = (): void => void lab.stop();
  options.signal?.addEventListener("abort", stop);
  try {
    return await new Run(plans, lab, options).all();
  } finally {
    options.signal?.removeEventListener("abort", stop);
  }
}

class Run {
  readonly #plans: TrialPlan[];
  readonly #lab: Laboratory;
  readonly #options: TrialRunOptions;
  readonly #watch: RunWatch;
  readonly #admission = new Admission(availableParallelism());
  readonly #others = new Others();
  /** By the trial's name: one that is run again takes the place of its former result. */
  readonly #results = new Map<string, TrialResult>();

  constructor(plans: TrialPlan[], lab: Laboratory, options: TrialRunOptions) {
    this.#plans = plans;
    this.#lab = lab;
    this.#options = options;
    this.#watch = options.watch ?? UNWATCHED;
  }

  async all(): Promise<TrialRun> {
    const { jobs } = this.#options;
    this.#watch.planned(this.#plans.length);
    const inOrder = longestFirst(this.#plans);
    const one = (plan: TrialPlan): Promise<void> => this.#one(plan, 0);
    const stopped = (): boolean => this.#isInterrupted;
    if (jobs === undefined) await whereThereIsRoom(inOrder, () => this.#admission.hasRoom, one, stopped);
    else await inParallel(inOrder, jobs, one, stopped);
    for (let nth = 1; nth <= MOST_AGAIN && (await this.#again(nth)); nth += 1);
    const results = this.#soFar;
    const others = this.#others.words({
      again: results.filter(({ again }) => again > 0).length,
      inconclusive: results.filter(({ verdict }) => verdict.forWantOfTime === true).length,
    });
    return { results, interrupted: this.#isInterrupted, others };
  }

  get #isInterrupted(): boolean {
    return this.#options.signal?.aborted === true;
  }

  get #soFar(): TrialResult[] {
    return [...this.#results.values()];
  }

  /** Runs those again that are still open, one after another. Whether there was one. */
  async #again(nth: number): Promise<boolean> {
    const { again = (results) => results.filter(isOpen) } = this.#options;
    const open = again(this.#soFar);
    for (const result of open) {
      if (this.#isInterrupted) return false;
      this.#watch.say(`${trialName(result)} is run again, alone: the machine had no time for it.`);
      this.#watch.planned(1);
      setAside(result, this.#options.folder, nth);
      const { experiment, variant, baseDir, repeat } = result;
      await this.#one({ experiment, variant, baseDir, repeat }, nth);
    }
    return open.length > 0;
  }

  /** Runs one trial; its result takes the place of that of an earlier one. */
  async #one(plan: TrialPlan, again: number): Promise<void> {
    const { folder, hold = false, pcap = false, onDone, onProgress } = this.#options;
    const name = trialName(plan);
    this.#watch.begin(name);
    this.#admission.begin(name);
    const result = await runTrial(plan, this.#lab, folder, { hold, pcap }, (progress, trial) => {
      if (progress.kind === "used") this.#admission.used(name, progress, performance.now());
      if (progress.kind === "phase" && progress.phase === "load") this.#admission.started(name);
      this.#watch.tell(name, progress);
      onProgress?.(progress, trial);
    }).finally(() => this.#admission.end(name));
    if (result.recording !== null) this.#others.exclude(result.recording);
    this.#results.set(name, { ...result, again });
    this.#watch.end(name, result.verdict.outcome, result.seconds);
    onDone?.(this.#soFar);
  }
}
