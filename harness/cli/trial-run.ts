import type { Laboratory } from "../lab/laboratory.ts";
import type { TrialProgress } from "../lab/order.ts";
import { EXIT } from "./exit.ts";
import { ProgressDisplay } from "./progress.ts";
import type { Terminal } from "./terminal.ts";
import { inParallel, queuesOf, runTrial, trialName, type TrialPlan, type TrialResult } from "./trials.ts";

/** How trials are run. */
export interface TrialRunOptions {
  /** Where recordings go. */
  folder: string;
  /** Trials at a time; when it is not said, as many as do each other no harm. */
  jobs: number | undefined;
  hold?: boolean;
  pcap?: boolean;
  /** Called after each trial, with all results so far. */
  onDone?: (results: TrialResult[], display: ProgressDisplay) => void;
  onProgress?: (progress: TrialProgress, trial: number, display: ProgressDisplay) => void;
}

/**
 * Runs trials in a lab, several at a time, with a display of what runs. Ctrl+C ends those that run, keeps what they recorded and
 * begins no more; a second one leaves at once, and the lab dies with this process.
 */
export async function runTrials(
  plans: TrialPlan[],
  lab: Laboratory,
  terminal: Terminal,
  options: TrialRunOptions,
): Promise<{ results: TrialResult[]; interrupted: boolean }> {
  const { folder, jobs, hold = false, pcap = false, onDone, onProgress } = options;
  const display = new ProgressDisplay(terminal, plans.length);
  const results: TrialResult[] = [];
  let interrupted = false;
  const interrupt = (): void => {
    if (interrupted) process.exit(EXIT.interrupted);
    interrupted = true;
    display.say("Ending the trials; what they recorded is kept. Once more to leave at once.");
    void lab.stop();
  };
  const one = async (plan: TrialPlan): Promise<void> => {
    const name = trialName(plan);
    display.begin(name);
    const result = await runTrial(plan, lab, folder, { hold, pcap }, (progress, trial) => {
      display.tell(name, progress);
      onProgress?.(progress, trial, display);
    });
    results.push(result);
    display.end(name, result.verdict.outcome, result.seconds);
    onDone?.(results, display);
  };
  process.on("SIGINT", interrupt).on("SIGTERM", interrupt);
  try {
    await Promise.all(
      queuesOf(plans, jobs).map((queue) => inParallel(queue.plans, queue.jobs, one, () => interrupted)),
    );
  } finally {
    display.close();
    process.off("SIGINT", interrupt).off("SIGTERM", interrupt);
  }
  return { results, interrupted };
}
