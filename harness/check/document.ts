import type { CheckedServer, Grade } from "../model/probe.ts";
import { type GradedClaim, worstGrade } from "../probes/graded.ts";
import type { ProbeResult } from "./battery.ts";
import { commandLineOf, type CheckTarget } from "./target.ts";

/** The result of a check: what `lastack check --json` prints, and what `check()` returns. */
export interface CheckDocument {
  server: ServerDocument;
  /** The worst of the probes. What is informational or was skipped does not count; `inconclusive` when no probe was decided. */
  outcome: Exclude<Grade, "informational" | "skip">;
  /** How many probes were decided: those that did not end as `skip` or `inconclusive`. */
  decided: number;
  probes: ProbeDocument[];
  /** The ids of the probes that were not run to their end: the check was interrupted, or the server could not be checked. */
  notRun: string[];
  /** Why the server could not be checked, in sentences; null when it could. */
  notChecked: string | null;
  /** Somebody stopped the check before it was completed. */
  interrupted: boolean;
  /** The folder with the recordings. */
  folder: string;
  seconds: number;
}

export interface ServerDocument {
  command: string[];
  /** null when it was not found out. */
  port: number | null;
  speaks: "http" | "bytes";
  tls: boolean;
  /** Whether the server left a connection open after an answer; null when it was not found out. */
  keepsOpen: boolean | null;
}

export interface ProbeDocument {
  id: string;
  title: string;
  outcome: Grade;
  /** What a correct server does. */
  claim: string;
  /** Why it matters. */
  because: string;
  /** What decided the grade. */
  observed: string;
  /** The experiment that shows and explains it: `lastack run MODE`. */
  mode: string;
  /** Each thing that was expected, and what was observed; empty for a probe that was skipped. */
  claims: GradedClaim[];
  /** The path of the recording; null without one. */
  recording: string | null;
  seconds: number;
  /** The command line that runs this probe again. */
  reproduce: string;
}

/** What a check found, before it is put into words. `server` is null when it could not be checked. */
export interface Found {
  target: CheckTarget;
  speaks: "http" | "bytes";
  server: CheckedServer | null;
  /** The ids of the probes that were chosen. */
  chosen: readonly string[];
  results: readonly ProbeResult[];
  notChecked: string | null;
  interrupted: boolean;
  folder: string;
  seconds: number;
}

/** The document of a check. */
export function documentOf(found: Found): CheckDocument {
  const { target, speaks, server, chosen, results, notChecked, interrupted, folder, seconds } = found;
  const probes = results.map((result) => probeDocument(result, target));
  const ran = new Set(probes.map(({ id }) => id));
  const outcomes = probes.map(({ outcome }) => outcome);
  return {
    server: {
      command: [...target.command],
      port: server?.port ?? target.options.port ?? null,
      speaks,
      tls: target.options.tls ?? false,
      keepsOpen: server?.keepsOpen ?? null,
    },
    outcome: outcomeOf(outcomes),
    decided: outcomes.filter(isDecided).length,
    probes,
    notRun: chosen.filter((id) => !ran.has(id)),
    notChecked,
    interrupted,
    folder,
    seconds,
  };
}

function outcomeOf(grades: readonly Grade[]): CheckDocument["outcome"] {
  if (!grades.some(isDecided)) return "inconclusive";
  const worst = worstGrade(grades.filter((grade) => grade !== "skip"));
  return worst === "informational" || worst === "skip" ? "pass" : worst;
}

/** Whether a grade says something about the server. */
function isDecided(grade: Grade): boolean {
  return grade !== "skip" && grade !== "inconclusive";
}

/** Whether a grade counts as a failure. Under `strict`, a warning does, too. */
export function isFailure(grade: Grade, strict: boolean): boolean {
  return grade === "fail" || (strict && grade === "warn");
}

function probeDocument(result: ProbeResult, target: CheckTarget): ProbeDocument {
  const { id, title, claim, because, explainedBy } = result.probe;
  return {
    id,
    title,
    outcome: result.outcome,
    claim,
    because,
    observed: result.skipped ?? decisive(result.claims, result.outcome),
    mode: explainedBy,
    claims: result.claims,
    recording: result.recording,
    seconds: result.seconds,
    reproduce: commandLineOf(id, target),
  };
}

/** What was observed of the claims that gave the grade. */
function decisive(claims: readonly GradedClaim[], grade: Grade): string {
  const those = claims.filter(({ outcome }) => outcome === grade);
  const [only] = those;
  if (only !== undefined && those.length === 1) return only.observed;
  return those.map(({ expected, observed }) => `${expected}: ${observed}`).join("; ");
}
