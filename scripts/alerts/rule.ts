import type { SymptomExpectation } from "../../harness/model/expectation.ts";
import type { FailureMode } from "../../harness/model/experiment.ts";
import type { MeteredCondition } from "../../harness/model/metered.ts";
import type { Recording } from "../../harness/model/recording.ts";
import { symptomOn } from "../../harness/verdict/judge.ts";
import { expressionOf, whyNoMetric, WINDOW } from "./expression.ts";

/** An alerting rule of Prometheus. */
export interface Rule {
  alert: string;
  expr: string;
  for?: string;
  labels: { severity: "warning"; mode: string };
  annotations: { summary: string; page: string; doctor: string; reproduce: string; cannot_tell: string };
}

/** A mode has a rule, or a reason why metrics cannot tell it. */
export type Told = { mode: FailureMode; rule: Rule } | { mode: FailureMode; because: string };

/** A recording, and whether some symptom that is a finding is confirmed on it: if not, its programs are healthy. */
export interface Judged {
  recording: Recording;
  isHealthy: boolean;
}

/** The recordings, each judged by all symptoms. */
export function judgedBy(modes: readonly FailureMode[], recordings: readonly Recording[]): Judged[] {
  const findings = modes.filter(({ visible }) => visible === undefined);
  return recordings.map((recording) => ({
    recording,
    isHealthy: findings.every((mode) => symptomOn(mode, recording).outcome !== "confirmed"),
  }));
}

/**
 * The rule of a mode: the parts of its symptom that are conditions on metrics, together. They are tested on the recordings before: they must
 * hold on the mode's own bug, on none of a healthy program, and on no other mode's bug. A part that is no such condition is left out; the rule
 * says that it cannot tell it, and on which other failing recordings it holds as well.
 */
export function ruleOf(mode: FailureMode, recordings: readonly Judged[]): Told {
  const { visible, symptom } = mode;
  if (visible?.as === "no") return { mode, because: `nothing on one host shows it: ${visible.because}` };
  if (visible?.as === "remark")
    return { mode, because: `a healthy program can show the same: ${visible.because}` };
  const parts = symptom.map(partOf);
  const told = parts.filter((part) => part.condition !== null);
  const conditions = told.flatMap(({ condition }) => condition ?? []);
  if (conditions.length === 0) {
    return {
      mode,
      because: parts.map(({ expectation, why }) => `"${expectation.claim}" needs ${why}`).join("; "),
    };
  }
  const metered = { ...mode, symptom: told.map(({ test, expectation }) => ({ ...expectation, test })) };
  const shown = recordings.filter(({ recording }) => symptomOn(metered, recording).outcome === "confirmed");
  const names = (some: readonly Judged[]): string[] =>
    some.map(({ recording: { header } }) => `${header.experiment}/${header.variant}`);
  if (!names(shown).includes(`${mode.id}/buggy`))
    return { mode, because: "its own recording does not show it by metrics alone" };
  const healthy = names(shown.filter(({ isHealthy }) => isHealthy));
  if (healthy.length > 0)
    return { mode, because: `metrics are the same for a healthy program: ${some(healthy)}` };
  const modes = names(shown).filter((name) => name.endsWith("/buggy") && !name.startsWith(`${mode.id}/`));
  const alike = modes.filter((name) => !(name in mode.overlaps));
  if (alike.length > 0) return { mode, because: `metrics are the same for other modes: ${some(alike)}` };
  const others = names(shown).filter((name) => !name.startsWith(`${mode.id}/`) && !(name in mode.overlaps));
  return {
    mode,
    rule: written(mode, { conditions, untold: parts.filter(({ isWhole }) => !isWhole), others }),
  };
}

interface Part {
  expectation: SymptomExpectation;
  condition: MeteredCondition | null;
  test: SymptomExpectation["test"];
  /** Whether the condition is all that the part asks. */
  isWhole: boolean;
  /** What it needs instead of metrics. */
  why: string;
}

function partOf(expectation: SymptomExpectation): Part {
  const { metered, needs, test } = expectation;
  const why = metered === undefined ? null : whyNoMetric(metered.condition);
  if (metered === undefined || why !== null) {
    const instead = needs.includes("processes") ? "processes" : "single sockets";
    return {
      expectation,
      condition: null,
      test,
      isWhole: false,
      why: why === null ? instead : `more: ${why}`,
    };
  }
  return {
    expectation,
    condition: metered.condition,
    test: metered.test,
    isWhole: metered.test === test,
    why: "",
  };
}

function written(
  { id, title }: FailureMode,
  { conditions, untold, others }: { conditions: MeteredCondition[]; untold: Part[]; others: string[] },
): Rule {
  const stays = conditions.some((condition) => condition.of === "sockets" && condition.stays);
  const cannot = [
    "Which process it is, and whether the sockets are the same at each reading.",
    ...untold.map(({ expectation }) => `Whether ${expectation.claim}.`),
    ...(others.length === 0
      ? []
      : [`Whether it is one of these, which the metrics show alike: ${some(others)}.`]),
  ];
  return {
    alert: `Lastack${id.replaceAll(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase())}`,
    expr: expressionOf(conditions),
    ...(stays && { for: WINDOW }),
    labels: { severity: "warning", mode: id },
    annotations: {
      summary: `${title} ({{ $labels.instance }}${perPort(conditions) ? ", port {{ $labels.port }}" : ""})`,
      page: `experiments/${id}/README.md`,
      doctor: perPort(conditions) ? doctorOfPort(conditions) : "lastack doctor",
      reproduce: `lastack run ${id}`,
      cannot_tell: cannot.join(" "),
    },
  };
}

/** Whether the result of the expression has a port. */
function perPort(conditions: readonly MeteredCondition[]): boolean {
  return conditions.some(
    (one) => one.of === "accept queue" || (one.of === "sockets" && one.each !== "namespace"),
  );
}

/** At the connecting end the port is that of a service elsewhere: all of the namespace is examined. */
function doctorOfPort(conditions: readonly MeteredCondition[]): string {
  const atListener = conditions.every(
    (one) =>
      one.of !== "sockets" ||
      one.which.side === "listener" ||
      (one.is.atMost === 0 && one.outOf === undefined),
  );
  return atListener ? "lastack doctor --port {{ $labels.port }}" : "lastack doctor";
}

/** The first names, and how many more there are. */
function some(names: readonly string[]): string {
  const MOST = 3;
  const more = names.length - MOST;
  return names.slice(0, MOST).join(", ") + (more > 0 ? ` and ${more} more` : "");
}
