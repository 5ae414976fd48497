import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import type { Laboratory } from "../lab/laboratory.ts";
import { packageRoot } from "../lab/paths.ts";
import type { TrialEnd, TrialProgress, UserPlace } from "../lab/order.ts";
import type { Experiment, Variant } from "../model/experiment.ts";
import type { Recording } from "../model/recording.ts";
import type { Finding, Verdict } from "../model/verdict.ts";
import { lengthUs } from "../recording/length.ts";
import { pcapPath, recordingPath, referencePath, starvedPath, summaryPath } from "../recording/place.ts";
import { readOwnRecording } from "../recording/read.ts";
import { RecordingError } from "../recording/recording-error.ts";
import { summaryCsv } from "../report/summary.ts";
import { judgeVariant } from "../verdict/judge.ts";
import { withBoundedClaims } from "./bounded-claims.ts";

/** A trial that a run is going to make. */
export interface TrialPlan {
  experiment: Experiment;
  variant: string;
  baseDir: string;
  /** From 1 when the run was asked to repeat; undefined otherwise. */
  repeat: number | undefined;
}

export interface TrialResult extends TrialPlan {
  verdict: Verdict;
  /** null when the trial wrote no readable recording. */
  recording: Recording | null;
  path: string | null;
  seconds: number;
  interrupted: boolean;
  /** How often the trial was run again because it got too little processor time. */
  again: number;
}

/** `close-wait-leak/buggy`, or for a repetition `close-wait-leak/buggy #2`. */
export function trialName(plan: TrialPlan): string {
  return `${plan.experiment.id}/${plan.variant}${plan.repeat === undefined ? "" : ` #${plan.repeat}`}`;
}

/** Sorts trials by the length of their reference recordings, the longest first: a long trial that begins late prolongs the whole run. */
export function longestFirst(plans: TrialPlan[]): TrialPlan[] {
  return plans
    .map((plan) => ({
      plan,
      us: lengthUs(referencePath(packageRoot, plan.experiment.id, plan.variant)) ?? 0,
    }))
    .toSorted((a, b) => b.us - a.us)
    .map(({ plan }) => plan);
}

/** Runs one trial in the lab, judges its recording, and writes the summary beside it. */
export async function runTrial(
  plan: TrialPlan,
  lab: Laboratory,
  folder: string,
  { hold, pcap, user }: { hold: boolean; pcap: boolean; user?: UserPlace | undefined },
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
    ...(user !== undefined && { user }),
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
    // One unreadable recording does not end the run: the other trials of the run still count.
    if (!(error instanceof RecordingError)) throw error;
    const verdict = neverBegan(error.message);
    return { ...plan, verdict, recording: null, path, ...how };
  }
  const verdict = withEnd(judgeVariant(withBoundedClaims(experiment), variant, recording), recording, end);
  try {
    writeFileSync(summaryPath(path), summaryCsv(recording));
  } catch (error) {
    rmSync(summaryPath(path), { force: true });
    // The recording has everything that the summary has. A failure to write the summary (disk full) is reported, but does not end the run.
    const observed = error instanceof Error ? error.message : String(error);
    verdict.findings.push({
      claim: "the summary was written",
      because: "",
      observed,
      outcome: "inconclusive",
    });
    verdict.outcome = "inconclusive";
  }
  return { ...plan, verdict, recording, path, ...how };
}

/** Moves the files of a trial (recording, summary, pcapng) to STARVED_FOLDER, so that the trial can be run again to the same paths. */
export function setAside({ experiment, variant, repeat }: TrialPlan, folder: string, nth: number): void {
  const path = recordingPath(folder, experiment.id, variant, repeat);
  const aside = starvedPath(path, nth);
  mkdirSync(dirname(aside), { recursive: true });
  for (const of of [(one: string): string => one, summaryPath, pcapPath]) {
    if (existsSync(of(path))) renameSync(of(path), of(aside));
  }
}

/** Adds a fault that the recording itself does not have, for example because the disk was full or the trial was killed. */
function withEnd(verdict: Verdict, recording: Recording, end: TrialEnd): Verdict {
  const isRecorded = end.reason !== "fault" || recording.samples.some((sample) => sample.kind === "fault");
  if (isRecorded) return verdict;
  return { outcome: "inconclusive", findings: [...neverBegan(end.because).findings, ...verdict.findings] };
}

function neverBegan(because: string | undefined): Verdict {
  const finding: Finding = {
    claim: "the trial took place and was recorded",
    because: "a verdict needs a recording",
    observed: because ?? "the trial ended, and gave no reason",
    outcome: "inconclusive",
  };
  return { outcome: "inconclusive", findings: [finding] };
}
