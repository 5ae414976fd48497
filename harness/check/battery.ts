import type { Laboratory } from "../lab/laboratory.ts";
import type { ExactExpectation } from "../model/expectation.ts";
import type { Fact } from "../model/experiment.ts";
import type { CheckedServer, Grade, Probe, ProbeClaim } from "../model/probe.ts";
import { type GradedClaim, graded } from "../probes/graded.ts";
import type { RunWatch } from "../runs/watch.ts";
import type { TrialResult } from "../runs/trial.ts";
import { isOpen, runTrials } from "../runs/trials.ts";
import type { CheckOrder } from "./order.ts";

/** The name of the one variant that a probe has as an experiment. */
const VARIANT = "server";

/** The result of one probe. */
export interface ProbeResult {
  probe: Probe;
  outcome: Grade;
  /** What was expected and what was observed, claim by claim; empty for a probe that was skipped. */
  claims: GradedClaim[];
  /** Why it was skipped; null when it ran. */
  skipped: string | null;
  /** Absolute path of the recording; null without one. */
  recording: string | null;
  seconds: number;
}

/** Where and how the probes run. */
export interface BatteryPlace {
  lab: Laboratory;
  folder: string;
  jobs: number | undefined;
  watch: RunWatch | undefined;
  signal: AbortSignal | undefined;
}

/** The results of the probes, in their order. Of an interrupted run, only of those that have ended. */
export interface Battery {
  results: ProbeResult[];
  interrupted: boolean;
  others: string | null;
}

/** Runs probes, each against an instance of its own, as many at the same time as the processors can run. */
export async function runBattery(
  probes: readonly Probe[],
  server: CheckedServer,
  { bounds, user }: CheckOrder,
  { lab, folder, jobs, watch, signal }: BatteryPlace,
): Promise<Battery> {
  const reasons = new Map(probes.map((probe) => [probe, probe.skips?.(server) ?? null]));
  const toRun = probes.filter((probe) => reasons.get(probe) === null);
  const plans = toRun.map((probe) => ({
    experiment: asFact(probe, server, bounds),
    variant: VARIANT,
    baseDir: user.folder,
    repeat: undefined,
  }));
  const gradeIn = (result: TrialResult): string => {
    const probe = toRun.find(({ id }) => id === result.experiment.id);
    return probe === undefined ? "" : gradeOf(probe, result, server, bounds).outcome;
  };
  const run = await runTrials(plans, lab, {
    folder,
    jobs,
    signal,
    user,
    pcap: true,
    words: { name: ({ experiment }) => experiment.id, outcome: gradeIn },
    again: (all) => all.filter((result) => isOpen(result) && gradeIn(result) !== "skip"),
    ...(watch !== undefined && { watch }),
  });
  const resultOf = (probe: Probe): ProbeResult | null => {
    const skipped = reasons.get(probe) ?? null;
    if (skipped !== null) return { probe, outcome: "skip", claims: [], skipped, recording: null, seconds: 0 };
    const result = run.results.find(({ experiment }) => experiment.id === probe.id);
    if (result === undefined || result.interrupted) return null;
    return { probe, ...gradeOf(probe, result, server, bounds) };
  };
  const results = probes.map(resultOf).filter((result) => result !== null);
  return { results, interrupted: run.interrupted, others: run.others };
}

/** A probe as an experiment that can be run and judged like those of the catalogue. */
function asFact(probe: Probe, server: CheckedServer, bounds: CheckOrder["bounds"]): Fact {
  const setup = probe.setup(server, bounds);
  const exact = probe.claims(server, bounds).map(asExact);
  return {
    kind: "fact",
    id: probe.id,
    title: probe.title,
    question: probe.claim,
    tags: ["probe"],
    variants: { [VARIANT]: { summary: probe.title, setup, exact } },
  };
}

/** What is informational accuses nobody, so a busy machine changes nothing about it. */
function asExact(claim: ProbeClaim): ExactExpectation {
  return claim.otherwise === "informational" ? { ...claim, atAnyPace: true } : claim;
}

function gradeOf(
  probe: Probe,
  { verdict, recording, path, seconds }: TrialResult,
  server: CheckedServer,
  bounds: CheckOrder["bounds"],
): Omit<ProbeResult, "probe"> {
  const { outcome, claims } = graded(probe.claims(server, bounds), verdict, recording, probe.refusal);
  // A server that ended by itself fails, whatever it had answered.
  const isToSkip = recording !== null && outcome !== "fail";
  const skipped = isToSkip ? (probe.skipsAfter?.(server, recording) ?? null) : null;
  const ran = { recording: path, seconds, skipped };
  return skipped === null ? { outcome, claims, ...ran } : { outcome: "skip", claims: [], ...ran };
}
