import { existsSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import type { Laboratory } from "../lab/laboratory.ts";
import { packageRoot } from "../lab/paths.ts";
import type { TrialEnd, TrialProgress } from "../lab/order.ts";
import type { Experiment, Variant } from "../model/experiment.ts";
import type { Recording } from "../model/recording.ts";
import type { Finding, Verdict } from "../model/verdict.ts";
import { lengthUs } from "../recording/length.ts";
import { pcapPath, recordingPath, referencePath, summaryPath } from "../recording/place.ts";
import { readRecording } from "../recording/read.ts";
import { RecordingError } from "../recording/recording-error.ts";
import { summaryCsv } from "../report/summary.ts";
import { shortPath } from "./terminal.ts";
import { judgeVariant } from "../verdict/judge.ts";

/** One trial to be run. */
export interface TrialPlan {
  experiment: Experiment;
  variant: string;
  baseDir: string;
  /** From 1 when the run was asked to repeat; undefined otherwise. */
  repeat: number | undefined;
}

export interface TrialResult extends TrialPlan {
  verdict: Verdict;
  /** null when the trial never came to write one. */
  recording: Recording | null;
  path: string | null;
  seconds: number;
  interrupted: boolean;
}

/** `close-wait-leak/buggy`, and `#2` behind it for a repetition. */
export function trialName(plan: TrialPlan): string {
  return `${plan.experiment.id}/${plan.variant}${plan.repeat === undefined ? "" : ` #${plan.repeat}`}`;
}

/** Trials that run so many at a time. */
interface Queue {
  plans: TrialPlan[];
  jobs: number;
}

/** Of trials that mostly wait, so many a core, unless another number is asked for. */
const JOBS_A_CORE = 4;
/** A trial that takes so long does next to nothing all the while: it waits for a timer of the kernel's. */
const LONG_US = 30_000_000;
const MOST_LONG = 16;

/**
 * In which order trials begin, those first that took longest when their reference was recorded, and how many at a time. When
 * nobody says how many, the long ones have a queue of their own: they would keep the others waiting, and cost nothing.
 */
export function queuesOf(plans: TrialPlan[], jobs: number | undefined): Queue[] {
  const timed = plans.map((plan) => ({
    plan,
    us: lengthUs(referencePath(packageRoot, plan.experiment.id, plan.variant)) ?? 0,
  }));
  const longestFirst = timed.toSorted((a, b) => b.us - a.us);
  const those = (isWanted: (us: number) => boolean): TrialPlan[] =>
    longestFirst.filter(({ us }) => isWanted(us)).map(({ plan }) => plan);
  if (jobs !== undefined) return [{ plans: those(() => true), jobs }];
  return [
    { plans: those((us) => us >= LONG_US), jobs: MOST_LONG },
    { plans: those((us) => us < LONG_US), jobs: JOBS_A_CORE * availableParallelism() },
  ];
}

/** Runs one trial in the lab, judges its recording, and lays the summary beside it. */
export async function runTrial(
  plan: TrialPlan,
  lab: Laboratory,
  folder: string,
  { hold, pcap }: { hold: boolean; pcap: boolean },
  onProgress: (progress: TrialProgress, trial: number) => void,
): Promise<TrialResult> {
  const { experiment, variant, baseDir, repeat } = plan;
  const setup = (experiment.variants as Record<string, Variant>)[variant]?.setup;
  if (setup === undefined) throw new Error(`${experiment.id} has no variant ${variant}`);
  const path = recordingPath(folder, experiment.id, variant, repeat);
  const beganMs = performance.now();
  const order = {
    experiment: experiment.id,
    variant,
    setup,
    out: path,
    baseDir,
    hold,
    pcap: pcap ? pcapPath(path) : null,
  };
  const { trial, ended } = lab.run(order, (progress) => onProgress(progress, trial));
  const end = await ended;
  const seconds = Math.round(performance.now() - beganMs) / 1000;
  const interrupted = end.reason === "interrupted";
  if (!existsSync(path)) {
    return { ...plan, verdict: neverBegan(end.because), recording: null, path: null, seconds, interrupted };
  }
  let recording: Recording;
  try {
    recording = readRecording(path);
  } catch (error) {
    // One recording that cannot be believed is no reason to lose the others of the run.
    if (!(error instanceof RecordingError)) throw error;
    const verdict = neverBegan(error.message);
    return { ...plan, verdict, recording: null, path: shortPath(path), seconds, interrupted };
  }
  const verdict = withEnd(judgeVariant(experiment, variant, recording), recording, end);
  try {
    writeFileSync(summaryPath(path), summaryCsv(recording));
  } catch (error) {
    rmSync(summaryPath(path), { force: true });
    // The recording says it all; a spreadsheet that did not fit on the disk is said, not fatal.
    const observed = error instanceof Error ? error.message : String(error);
    verdict.findings.push({
      claim: "the summary could be written",
      because: "",
      observed,
      outcome: "inconclusive",
    });
    verdict.outcome = "inconclusive";
  }
  return { ...plan, verdict, recording, path: shortPath(path), seconds, interrupted };
}

/** What went wrong so that the recording itself could not say it, as when the disk was full or the trial was killed. */
function withEnd(verdict: Verdict, recording: Recording, end: TrialEnd): Verdict {
  const told = end.reason !== "fault" || recording.samples.some((sample) => sample.kind === "fault");
  if (told) return verdict;
  return { outcome: "inconclusive", findings: [...neverBegan(end.because).findings, ...verdict.findings] };
}

function neverBegan(because: string | undefined): Verdict {
  const finding: Finding = {
    claim: "the trial took place and was recorded",
    because: "a verdict comes from what was recorded, and from nothing else",
    observed: because ?? "the trial ended without saying why",
    outcome: "inconclusive",
  };
  return { outcome: "inconclusive", findings: [finding] };
}

/** Does all of some work, at most `jobs` pieces at a time, in the order given. Stops beginning new ones when told. */
export async function inParallel<T>(
  work: T[],
  jobs: number,
  doOne: (piece: T) => Promise<void>,
  stopped: () => boolean,
): Promise<void> {
  const waiting = [...work];
  const worker = async (): Promise<void> => {
    for (let piece = waiting.shift(); piece !== undefined && !stopped(); piece = waiting.shift())
      await doOne(piece);
  };
  await Promise.all(Array.from({ length: Math.min(jobs, work.length) }, worker));
}
