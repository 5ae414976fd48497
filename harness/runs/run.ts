import { join } from "node:path";
import { Laboratory } from "../lab/laboratory.ts";
import type { Experiment } from "../model/experiment.ts";
import { worst, type Outcome } from "../model/verdict.ts";
import { makeRunFolder } from "../recording/place.ts";
import { select } from "./catalogue.ts";
import { checkRun } from "./check/arguments.ts";
import { grouped, type ExperimentRun } from "./grouped.ts";
import { checkedEntry, type Entry } from "./own-file.ts";
import { keepOutcome } from "./past-runs.ts";
import { planTrials, type Wanted } from "./plan.ts";
import { runTrials } from "./trials.ts";
import type { RunWatch } from "./watch.ts";

/** How experiments are run. */
export interface RunOptions extends Wanted {
  /** For an experiment that is given as an object: the folder to which its programs' relative paths refer. Default: the working folder. */
  baseDir?: string;
  /** The run makes a new folder for its recordings in this folder. Default: `results/runs` in the working folder. */
  out?: string;
  /** Trials at the same time. Default: as many as the processors can run. */
  jobs?: number;
  /** Also writes the TCP segments on wires to `VARIANT.pcapng`. */
  pcap?: boolean;
  watch?: RunWatch;
  /** When it is aborted, the running trials end, what they recorded is kept, and no more trials begin. */
  signal?: AbortSignal;
}

/** The result of a run. */
export interface Run {
  /** The worst of all trials' outcomes: refuted, then inconclusive, then confirmed. */
  outcome: Outcome;
  experiments: ExperimentRun[];
  /** The folder with its recordings: an absolute path. */
  folder: string;
  /** The signal was aborted before the run was completed. */
  interrupted: boolean;
  /** How much of the processors other programs used, and its effect on the run, in one line; null when there is nothing to report. */
  others: string | null;
}

/**
 * Runs experiments in a laboratory of network namespaces, and judges their recordings. It builds the laboratory and removes it afterwards.
 * `what` is as on the command line: ids, globs of ids or files; without it, the tour. It can also be an experiment object. A trial
 * that got too little processor time is run again at the end, alone, at most twice.
 *
 * Throws a UsageError for an unknown experiment or variant, for a file without an experiment that can be run, and for arguments that it
 * cannot take, such as an option that it does not know; a RecordingError when the folder cannot be made; and a LaboratoryUnavailable when this machine allows no namespaces
 * (`lastack preflight` says why).
 */
export async function run(what?: string | string[] | Experiment, options: RunOptions = {}): Promise<Run> {
  checkRun(what, options);
  const { out = join(process.cwd(), "results", "runs"), jobs, pcap, watch, signal } = options;
  const entries = await entriesOf(what, options.baseDir);
  const plans = planTrials(entries, options);
  const lab = await Laboratory.open();
  try {
    const folder = makeRunFolder(out);
    const { results, interrupted, others } = await runTrials(plans, lab, {
      folder,
      jobs,
      signal,
      ...(pcap !== undefined && { pcap }),
      ...(watch !== undefined && { watch }),
    });
    const outcomes = results.map(({ verdict }) => verdict.outcome);
    keepOutcome(folder, outcomes, interrupted);
    const outcome = worst(outcomes);
    return { outcome, experiments: grouped(entries, results), folder, interrupted, others };
  } finally {
    await lab.close();
  }
}

async function entriesOf(
  what: string | string[] | Experiment | undefined,
  baseDir = process.cwd(),
): Promise<Entry[]> {
  if (what === undefined) return select([], false);
  if (typeof what === "string") return select([what], false);
  return Array.isArray(what)
    ? select(what, false)
    : [checkedEntry(what, baseDir, what.id ?? "the experiment")];
}
