import { samplesOf } from "../measure/evidence.ts";
import type { Grade, Otherwise, Probe, ProbeClaim } from "../model/probe.ts";
import { printedBeside } from "../model/quoted.ts";
import type { Recording } from "../model/recording.ts";
import type { ProgramSample } from "../model/sample.ts";
import { GRADES } from "../model/probe.ts";
import type { Finding, Outcome, Verdict } from "../model/verdict.ts";

/** A claim of a probe, and what was found of it. */
export interface GradedClaim {
  outcome: Grade;
  expected: string;
  because: string;
  observed: string;
}

/** The grade of a probe: the worst of its claims. Only what it found differs from `pass` to `informational`. */
export interface Graded {
  outcome: Grade;
  claims: GradedClaim[];
}

/**
 * Grades a probe by the verdict on its claims. A server that ended by itself while it was probed fails, whatever the claims say. A trial
 * that did not take place is inconclusive, unless the server may refuse to start in it, and did so.
 */
export function graded(
  claims: readonly ProbeClaim[],
  verdict: Verdict,
  recording: Recording | null,
  refusal?: Probe["refusal"],
): Graded {
  const death = recording === null ? null : (deathOf(recording) ?? refusedIn(recording, refusal));
  if (death !== null) return { outcome: death.outcome, claims: [death] };
  const all = verdict.findings.map((finding) => gradedFinding(finding, claims));
  const worst = worstGrade(all.map(({ outcome }) => outcome));
  const isTold = verdict.findings.some(
    ({ claim, outcome }) =>
      outcome === "refuted" && claims.find((one) => one.claim === claim)?.isTold === true,
  );
  return { outcome: worst === "pass" && isTold ? "informational" : worst, claims: all };
}

/**
 * The worst of some grades. What is informational decides only where there is nothing else. `inconclusive` when there are none: nothing was
 * claimed, so nothing was found.
 */
export function worstGrade(grades: readonly Grade[]): Grade {
  const decided = grades.filter((grade) => grade !== "informational");
  const [first] = grades;
  if (decided.length === 0) return first ?? "inconclusive";
  return decided.reduce((a, b) => (GRADES.indexOf(a) >= GRADES.indexOf(b) ? a : b));
}

function gradedFinding(
  { claim, because, observed, outcome }: Finding,
  claims: readonly ProbeClaim[],
): GradedClaim {
  const otherwise = claims.find((one) => one.claim === claim)?.otherwise ?? "fail";
  return { outcome: gradeOf(outcome, otherwise), expected: claim, because, observed };
}

function gradeOf(outcome: Outcome, otherwise: Otherwise): Grade {
  // A claim that may be otherwise is a question. Its answer is what the server does, and any is right; so is that it was not seen.
  if (otherwise === "informational") return "informational";
  if (outcome === "inconclusive") return "inconclusive";
  return outcome === "confirmed" ? "pass" : otherwise;
}

/** That the server ended by itself after it was ready; null when it did not. */
function deathOf(recording: Recording): GradedClaim | null {
  const { ready, failed } = lifeOf(recording);
  if (ready === undefined || failed === undefined || failed.atUs < ready.atUs || failed.pid === null)
    return null;
  return {
    outcome: "fail",
    expected: "the server goes on",
    because: "what one client does must not end the service of all others",
    observed: lastWords(failed),
  };
}

/** That the server ended by itself, with an exit code, before it was ready; null when it did not, or must not. */
function refusedIn(recording: Recording, refusal: Probe["refusal"]): GradedClaim | null {
  const { ready, failed } = lifeOf(recording);
  if (refusal === undefined || ready !== undefined || typeof failed?.code !== "number") return null;
  const { claim, because } = refusal;
  return { outcome: "informational", expected: claim, because, observed: lastWords(failed) };
}

function lifeOf(recording: Recording): Record<"ready" | "failed", ProgramSample | undefined> {
  const events = samplesOf(recording, "program").filter(({ program }) => program === "server");
  return {
    ready: events.find(({ event }) => event === "ready"),
    failed: events.find(({ event }) => event === "failed"),
  };
}

function lastWords({ because = "failed", lastLines = [] }: ProgramSample): string {
  return `the server ${because}; ${printedBeside(because, lastLines)}`;
}
