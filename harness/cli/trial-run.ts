import { availableParallelism } from "node:os";
import type { Laboratory } from "../lab/laboratory.ts";
import type { TrialProgress } from "../lab/order.ts";
import { Admission } from "./admission.ts";
import { inParallel, whereThereIsRoom } from "./in-parallel.ts";
import { interruptible } from "./interrupt.ts";
import { ProgressDisplay } from "./progress.ts";
import type { Terminal } from "./terminal.ts";
import { Others } from "./others.ts";
import { longestFirst, runTrial, setAside, trialName, type TrialPlan, type TrialResult } from "./trials.ts";

/** How trials are run. */
export interface TrialRunOptions {
  /** Where recordings go. */
  folder: string;
  /** Trials at a time; when it is not said, as many as there is room for. */
  jobs: number | undefined;
  hold?: boolean;
  pcap?: boolean;
  /** Called after each trial, with all results so far. */
  onDone?: (results: TrialResult[], display: ProgressDisplay) => void;
  /** Which of them had no time for something and are to be run again; when it is not said, those whose verdict is open for that. */
  again?: (results: TrialResult[]) => TrialResult[];
  onProgress?: (progress: TrialProgress, trial: number, display: ProgressDisplay) => void;
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
 * Runs trials in a lab, as many at a time as there is room for, with a display of what runs. Those for which the machine had no time are
 * run again at the end, one after another, twice at most. Ctrl+C ends those that run, keeps what they recorded and begins no more; a
 * second one leaves at once, and the lab dies with this process.
 */
export async function runTrials(
  plans: TrialPlan[],
  lab: Laboratory,
  terminal: Terminal,
  options: TrialRunOptions,
): Promise<TrialRun> {
  const run = new Run(plans, lab, terminal, options);
  return interruptible(
    () => run.interrupt(),
    () => run.all(),
  );
}

class Run {
  readonly #plans: TrialPlan[];
  readonly #lab: Laboratory;
  readonly #options: TrialRunOptions;
  readonly #display: ProgressDisplay;
  readonly #admission = new Admission(availableParallelism());
  readonly #others = new Others();
  /** By the trial's name: one that is run again takes the place of its former result. */
  readonly #results = new Map<string, TrialResult>();
  #interrupted = false;

  constructor(plans: TrialPlan[], lab: Laboratory, terminal: Terminal, options: TrialRunOptions) {
    this.#plans = plans;
    this.#lab = lab;
    this.#options = options;
    this.#display = new ProgressDisplay(terminal, plans.length);
  }

  interrupt(): void {
    this.#interrupted = true;
    this.#display.say("Ending the trials; what they recorded is kept. Once more to leave at once.");
    void this.#lab.stop();
  }

  async all(): Promise<TrialRun> {
    const { jobs } = this.#options;
    const inOrder = longestFirst(this.#plans);
    const one = (plan: TrialPlan): Promise<void> => this.#one(plan, 0);
    const stopped = (): boolean => this.#interrupted;
    try {
      if (jobs === undefined) await whereThereIsRoom(inOrder, () => this.#admission.hasRoom, one, stopped);
      else await inParallel(inOrder, jobs, one, stopped);
      for (let nth = 1; nth <= MOST_AGAIN && (await this.#again(nth)); nth += 1);
    } finally {
      this.#display.close();
    }
    const results = this.#soFar;
    const others = this.#others.words({
      again: results.filter(({ again }) => again > 0).length,
      inconclusive: results.filter(({ verdict }) => verdict.forWantOfTime === true).length,
    });
    return { results, interrupted: this.#interrupted, others };
  }

  get #soFar(): TrialResult[] {
    return [...this.#results.values()];
  }

  /** Runs those again that are still open, one after another. Whether there was one. */
  async #again(nth: number): Promise<boolean> {
    const { again = (results) => results.filter(isOpen) } = this.#options;
    const open = again(this.#soFar);
    for (const result of open) {
      if (this.#interrupted) return false;
      this.#display.say(`${trialName(result)} is run again, alone: the machine had no time for it.`);
      this.#display.oneMore();
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
    this.#display.begin(name);
    this.#admission.begin(name);
    const result = await runTrial(plan, this.#lab, folder, { hold, pcap }, (progress, trial) => {
      if (progress.kind === "used") this.#admission.used(name, progress, performance.now());
      if (progress.kind === "phase" && progress.phase === "load") this.#admission.started(name);
      this.#display.tell(name, progress);
      onProgress?.(progress, trial, this.#display);
    }).finally(() => this.#admission.end(name));
    if (result.recording !== null) this.#others.exclude(result.recording);
    this.#results.set(name, { ...result, again });
    this.#display.end(name, result.verdict.outcome, result.seconds);
    onDone?.(this.#soFar, this.#display);
  }
}
