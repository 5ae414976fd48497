import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import type { Laboratory } from "../lab/laboratory.ts";
import { packageRoot } from "../lab/paths.ts";
import type { TrialEnd, TrialProgress } from "../lab/order.ts";
import type { Experiment, Variant } from "../model/experiment.ts";
import type { Recording } from "../model/recording.ts";
import type { Finding, Verdict } from "../model/verdict.ts";
import { lengthUs } from "../recording/length.ts";
import { pcapPath, recordingPath, referencePath, starvedPath, summaryPath } from "../recording/place.ts";
import { readOwnRecording } from "../recording/read.ts";
import { RecordingError } from "../recording/recording-error.ts";
import { summaryCsv } from "../report/summary.ts";
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
  /** How often it was run again because the machine had no time for it. */
  again: number;
}

/** `close-wait-leak/buggy`, and `#2` behind it for a repetition. */
export function trialName(plan: TrialPlan): string {
  return `${plan.experiment.id}/${plan.variant}${plan.repeat === undefined ? "" : ` #${plan.repeat}`}`;
}

/** In which order trials begin: those first that took longest when their reference was recorded, because the run lasts as long as they do. */
export function longestFirst(plans: TrialPlan[]): TrialPlan[] {
  return plans
    .map((plan) => ({
      plan,
      us: lengthUs(referencePath(packageRoot, plan.experiment.id, plan.variant)) ?? 0,
    }))
    .toSorted((a, b) => b.us - a.us)
    .map(({ plan }) => plan);
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
  const how = { seconds, interrupted: end.reason === "interrupted", again: 0 };
  if (!existsSync(path)) {
    return { ...plan, verdict: neverBegan(end.because), recording: null, path: null, ...how };
  }
  let recording: Recording;
  try {
    recording = readOwnRecording(path);
  } catch (error) {
    // One recording that cannot be believed is no reason to lose the others of the run.
    if (!(error instanceof RecordingError)) throw error;
    const verdict = neverBegan(error.message);
    return { ...plan, verdict, recording: null, path, ...how };
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
  return { ...plan, verdict, recording, path, ...how };
}

/** Lays what a trial left aside, so that it can be run again to the same place: the recording, its spreadsheet, its packets. */
export function setAside({ experiment, variant, repeat }: TrialPlan, folder: string, nth: number): void {
  const path = recordingPath(folder, experiment.id, variant, repeat);
  const aside = starvedPath(path, nth);
  mkdirSync(dirname(aside), { recursive: true });
  for (const of of [(one: string): string => one, summaryPath, pcapPath]) {
    if (existsSync(of(path))) renameSync(of(path), of(aside));
  }
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
