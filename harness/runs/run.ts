import { join } from "node:path";
import { Laboratory } from "../lab/laboratory.ts";
import type { Experiment } from "../model/experiment.ts";
import { worst, type Outcome } from "../model/verdict.ts";
import { makeRunFolder } from "../recording/place.ts";
import { checkedEntry, select, type Entry } from "./catalogue.ts";
import { grouped, type ExperimentRun } from "./grouped.ts";
import { planTrials, type Wanted } from "./plan.ts";
import { runTrials } from "./trials.ts";
import type { RunWatch } from "./watch.ts";

/** How experiments are run. */
export interface RunOptions extends Wanted {
  /** Where relative paths of programs start, of an experiment that is given as an object. Default: the working folder. */
  baseDir?: string;
  /** The run makes a folder of its own in this one, for its recordings. Default: `results/runs` in the working folder. */
  out?: string;
  /** Trials at a time. Default: as many as the processors have room for. */
  jobs?: number;
  /** Also writes what passes on wires to `VARIANT.pcapng`. */
  pcap?: boolean;
  watch?: RunWatch;
  /** Aborted, it ends the trials that run, keeps what they recorded, and begins no more. */
  signal?: AbortSignal;
}

/** What a run came to. */
export interface Run {
  /** The worst of all trials' outcomes: refuted, then inconclusive, then confirmed. */
  outcome: Outcome;
  experiments: ExperimentRun[];
  /** Where its recordings are: an absolute path. */
  folder: string;
  /** Its signal was aborted before it was over. */
  interrupted: boolean;
  /** How much of the processors other programs used, and what that did to the run, in one line; null where it is not worth one. */
  others: string | null;
}

/**
 * Runs experiments in a laboratory of network namespaces that it builds and takes away, and judges what they recorded. `what` is as on
 * the command line: ids, globs of ids or files; none is the tour; or an experiment itself. A trial for which the machine had no
 * time is run again at the end, alone, twice at most.
 *
 * Throws a UsageError for an experiment or a variant that there is not, an InputError for a file that is no experiment, a RecordingError
 * when the folder cannot be made, and a LaboratoryUnavailable when this machine allows no namespaces (`lastack preflight` says why).
 */
export async function run(what: string | string[] | Experiment = [], options: RunOptions = {}): Promise<Run> {
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
    const outcome = worst(results.map(({ verdict }) => verdict.outcome));
    return { outcome, experiments: grouped(entries, results), folder, interrupted, others };
  } finally {
    await lab.close();
  }
}

async function entriesOf(what: string | string[] | Experiment, baseDir = process.cwd()): Promise<Entry[]> {
  if (typeof what === "string") return select([what], false);
  return Array.isArray(what) ? select(what, false) : [checkedEntry(what, baseDir, what.id)];
}
