import { availableParallelism } from "node:os";
import type { Laboratory } from "../lab/laboratory.ts";
import type { TrialProgress, UserPlace } from "../lab/order.ts";
import { Admission } from "./admission.ts";
import { inParallel, whereThereIsRoom } from "./in-parallel.ts";
import { signalsDelivered } from "./interrupt.ts";
import { Others } from "./others.ts";
import { longestFirst, runTrial, setAside, trialName, type TrialPlan, type TrialResult } from "./trial.ts";
import { UNWATCHED, type RunWatch } from "./watch.ts";

/** How trials are run. */
export interface TrialRunOptions {
  /** The folder for recordings. */
  folder: string;
  /** Trials at the same time. Absent: as many as the processors can run. */
  jobs?: number | undefined;
  hold?: boolean;
  pcap?: boolean;
  /** Where the setups' foreign programs run. Absent: they have none. */
  user?: UserPlace;
  watch?: RunWatch;
  /** How trials are named to `watch`, and how their ends are. Absent: ID/VARIANT, and the verdict's outcome. */
  words?: { name: (plan: TrialPlan) => string; outcome: (result: TrialResult) => string };
  /** When it is aborted, the running trials end, what they recorded is kept, and no more trials begin. */
  signal?: AbortSignal | undefined;
  /** Called after each trial, with all results so far. */
  onDone?: (results: TrialResult[]) => void;
  /** Selects the trials that got too little processor time and are run again. Absent: those for which `isOpen` is true. */
  again?: (results: TrialResult[]) => TrialResult[];
  onProgress?: (progress: TrialProgress, trial: number) => void;
}

/** The result of a run of trials. */
export interface TrialRun {
  results: TrialResult[];
  interrupted: boolean;
  /** How other programs affected the run, in one line; null when they did not. */
  others: string | null;
}

/** How many times a trial is run again, alone, when it got too little processor time. */
const MOST_AGAIN = 2;

/** Whether a trial's verdict can still change, because the trial will be run again. */
export function isOpen({ verdict, again, interrupted }: TrialResult): boolean {
  return verdict.forWantOfTime === true && again < MOST_AGAIN && !interrupted;
}

/**
 * Runs trials in a lab, as many at the same time as the processors can run. Trials that got too little processor time are run again at
 * the end, one after another, each at most twice.
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
  readonly #words: NonNullable<TrialRunOptions["words"]>;
  readonly #admission = new Admission(availableParallelism());
  readonly #others = new Others();
  /** By the trial's name. The result of a trial that is run again replaces the earlier result. */
  readonly #results = new Map<string, TrialResult>();

  constructor(plans: TrialPlan[], lab: Laboratory, options: TrialRunOptions) {
    this.#plans = plans;
    this.#lab = lab;
    this.#options = options;
    this.#watch = options.watch ?? UNWATCHED;
    this.#words = options.words ?? { name: trialName, outcome: ({ verdict }) => verdict.outcome };
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

  /** Runs the trials that are still open again, one after another. Returns whether there were any. */
  async #again(nth: number): Promise<boolean> {
    const { again = (results) => results.filter(isOpen) } = this.#options;
    const open = again(this.#soFar);
    for (const result of open) {
      if (this.#isInterrupted) return false;
      this.#watch.say(`${this.#words.name(result)} is run again, alone: it got too little processor time.`);
      this.#watch.planned(1);
      setAside(result, this.#options.folder, nth);
      const { experiment, variant, baseDir, repeat } = result;
      await this.#one({ experiment, variant, baseDir, repeat }, nth);
    }
    return open.length > 0;
  }

  /** Runs one trial; its result replaces an earlier result of the same trial. */
  async #one(plan: TrialPlan, again: number): Promise<void> {
    const { folder, hold = false, pcap = false, user, onDone, onProgress } = this.#options;
    const name = this.#words.name(plan);
    this.#watch.begin(name);
    this.#admission.begin(name);
    const result = await runTrial(plan, this.#lab, folder, { hold, pcap, user }, (progress, trial) => {
      if (progress.kind === "used") this.#admission.used(name, progress, performance.now());
      if (progress.kind === "phase" && progress.phase === "load") this.#admission.started(name);
      this.#watch.tell(name, progress);
      onProgress?.(progress, trial);
    }).finally(() => this.#admission.end(name));
    // A claim of the user's own can calculate for long.
    await signalsDelivered();
    if (result.recording !== null) this.#others.exclude(result.recording);
    this.#results.set(trialName(plan), { ...result, again });
    this.#watch.end(name, this.#words.outcome(result), result.seconds);
    onDone?.(this.#soFar);
  }
}
