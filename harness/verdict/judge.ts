import { type Evidence, hosts } from "../measure/evidence.ts";
import { starvation, STARVED_US, waits } from "../measure/starvation.ts";
import { view } from "../measure/view.ts";
import type { ExactExpectation, Expectation } from "../model/expectation.ts";
import type { Experiment, FailureMode, Variant } from "../model/experiment.ts";
import type { Recording } from "../model/recording.ts";
import type { HostName } from "../model/names.ts";
import { type Finding, type Outcome, type Verdict, worst } from "../model/verdict.ts";
import { answerOf } from "./answer.ts";
import { tempered } from "./starved.ts";
import { whyUnsound } from "./unsound.ts";
import { spaced } from "./vocabulary/wording-zh.ts";

/** The verdict on a failure mode's symptom in one recording: a cell of the square. */
export interface SymptomVerdict {
  outcome: Outcome;
  /** The first host on which it is confirmed; null when there is none. */
  host: HostName | null;
  /** The findings that decided it. Each `observed` begins with its host. */
  findings: Finding[];
}

/**
 * Tests every expectation against the recording. The worst answer wins; without expectations the verdict is inconclusive. When
 * a kind of sample that an expectation needs is missing, or its test throws, its answer is inconclusive and gives the reason.
 */
export function judge<E extends Evidence>(expectations: Expectation<E>[], evidence: E): Verdict {
  const findings = expectations.map((expectation) => finding(expectation, evidence));
  return { outcome: worst(findings.map((one) => one.outcome)), findings };
}

/**
 * The verdict on one variant's recording. It tests what the variant promises of both ends. For a failure mode it also tests the
 * symptom, if one host can show it: `buggy` must, and no cure may. A trial that did not take place as its setup says is inconclusive: its
 * first finding says why, and the others are listed unchanged. Throws when the experiment has no such variant.
 */
export function judgeVariant(experiment: Experiment, variantName: string, recording: Recording): Verdict {
  const variants: Record<string, Variant> = experiment.variants;
  const variant = variants[variantName];
  if (variant === undefined) throw new Error(`the experiment ${experiment.id} has no variant ${variantName}`);
  const symptom =
    experiment.kind === "failure-mode" && experiment.visible?.as !== "no"
      ? [symptomFinding(experiment, variantName, recording)]
      : [];
  // The finding that no host shows the symptom depends on every sample of sockets.
  const every: ExactExpectation["ofEveryLook"] = { kind: "sockets" };
  return ofSound(
    [...symptom.map((one) => ({ one, every })), ...withLooks(variant.exact, recording)],
    recording,
  );
}

/** The verdict on one recording. It is inconclusive when the trial did not take place as its setup says. */
export function judgeExact(expectations: ExactExpectation[], recording: Recording): Verdict {
  return ofSound(withLooks(expectations, recording), recording);
}

/** A finding, and what of its claim decides how a lack of processor time changes it. */
interface Judged {
  one: Finding;
  every: ExactExpectation["ofEveryLook"];
  atAnyPace?: ExactExpectation["atAnyPace"];
}

function withLooks(expectations: ExactExpectation[], recording: Recording): Judged[] {
  const { findings } = judge(expectations, recording);
  return findings.map((one, nth) => ({
    one: withNearest(one, expectations.slice(nth, nth + 1), recording),
    every: expectations[nth]?.ofEveryLook,
    atAnyPace: expectations[nth]?.atAnyPace,
  }));
}

function ofSound(judged: Judged[], recording: Recording): Verdict {
  const invalid = whyUnsound(recording);
  const starved = starvation(recording);
  if (invalid.length > 0) {
    // A busy machine can also be the reason why a program was not ready in time.
    const isStarved = starved !== null || waits(recording).some(({ longestUs }) => longestUs >= STARVED_US);
    const findings = [unfit(invalid), ...judged.map(({ one }) => one)];
    return { outcome: "inconclusive", findings, ...(isStarved && { forWantOfTime: true }) };
  }
  const findings = judged.map(({ one, every, atAnyPace }) => {
    const isSure =
      atAnyPace === true || (starved !== null && atAnyPace?.(recording, starved.waitedUs) === true);
    return starved === null || (isSure && one.outcome === "refuted")
      ? one
      : tempered(one, starved, recording, every);
  });
  const outcome = worst(findings.map((one) => one.outcome));
  return {
    outcome,
    findings,
    ...(starved !== null && outcome === "inconclusive" && { forWantOfTime: true }),
  };
}

/**
 * Checks each host alone for a symptom. It is confirmed when one host shows all parts, and refuted when every host lacks a part.
 * Otherwise it is inconclusive, and so is any trial that did not take place as its setup says.
 */
export function symptomOn(experiment: FailureMode, recording: Recording): SymptomVerdict {
  const invalid = whyUnsound(recording);
  if (invalid.length > 0) return { outcome: "inconclusive", host: null, findings: [unfit(invalid)] };
  const { outcome, host, sights } = lookFor(experiment, recording);
  const findings = sights.flatMap((sight) =>
    sight.deciding.map((one) => ({ ...one, observed: `${sight.host}: ${one.observed}` })),
  );
  return { outcome, host, findings };
}

/** What one host shows of a symptom, and the findings that decided it. */
interface Sight {
  host: HostName;
  outcome: Outcome;
  deciding: Finding[];
}

function lookFor(
  experiment: FailureMode,
  recording: Recording,
): { outcome: Outcome; host: HostName | null; sights: Sight[] } {
  const all = hosts(recording).map((host) => sightFrom(host, experiment, recording));
  const seen = all.filter((sight) => sight.outcome === "confirmed");
  const [first] = seen;
  if (first !== undefined) return { outcome: "confirmed", host: first.host, sights: seen };
  const refuted = all.length > 0 && all.every((sight) => sight.outcome === "refuted");
  return { outcome: refuted ? "refuted" : "inconclusive", host: null, sights: all };
}

/**
 * When all parts of the symptom hold, all of them decide. Otherwise the first part decides that is missing or inconclusive. If that
 * part is not about sockets, the nearest sockets are those of the first missing part that is.
 */
function sightFrom(host: HostName, { symptom }: FailureMode, recording: Recording): Sight {
  const seen = view(recording, host);
  const { outcome, findings } = judge(symptom, seen);
  const alike = findings.filter((one) => one.outcome === outcome);
  if (outcome === "confirmed") return { host, outcome, deciding: alike };
  const parts = symptom.filter((_, nth) => findings[nth]?.outcome === outcome);
  return { host, outcome, deciding: alike.slice(0, 1).map((one) => withNearest(one, parts, seen)) };
}

/** A refuted finding, with what came nearest for the first of these expectations that says so. */
function withNearest<E extends Evidence>(one: Finding, expectations: Expectation<E>[], evidence: E): Finding {
  if (one.outcome !== "refuted") return one;
  const near = expectations.find(({ nearest }) => nearest !== undefined)?.nearest?.(evidence) ?? null;
  if (near === null) return one;
  const { observed, zh } = one;
  return {
    ...one,
    observed: `${observed}; ${near.en}`,
    ...(zh !== undefined && { zh: { ...zh, observed: spaced(`${zh.observed}；${near.zh}`) } }),
  };
}

const OPPOSITE: Record<Outcome, Outcome> = {
  confirmed: "refuted",
  inconclusive: "inconclusive",
  refuted: "confirmed",
};

function symptomFinding(experiment: FailureMode, variantName: string, recording: Recording): Finding {
  const { outcome, sights } = lookFor(experiment, recording);
  const observed = sights.map(sightInWords).join("; ");
  const inChinese = sights.map(sightInChinese).join("；");
  if (variantName === "buggy") {
    const because = [...new Set(experiment.symptom.map((one) => one.because))].join("; ");
    const claim = `the symptom is seen on ${hosts(recording).join(" or ")}`;
    const zh = { claim: `在 ${hosts(recording).join(" 或 ")} 上看得到该症状`, observed: inChinese };
    return { claim, because, observed, outcome, zh };
  }
  const because = "a cure removes the symptom from every host";
  const zh = { claim: "没有主机出现该症状", observed: inChinese };
  return { claim: "no host shows the symptom", because, observed, outcome: OPPOSITE[outcome], zh };
}

/** What was observed for the first part of the symptom. The other parts are only counted. */
function sightInWords({ host, deciding }: Sight): string {
  const others = deciding.length - 1;
  const parts =
    others > 1
      ? `the other ${others} parts of the symptom hold too`
      : "the other part of the symptom holds too";
  return `${host}: ${deciding[0]?.observed ?? "the symptom has no parts"}${others > 0 ? `, and ${parts}` : ""}`;
}

function sightInChinese({ host, deciding: [first, ...others] }: Sight): string {
  const more = others.length === 0 ? "" : `，症状的其余 ${others.length} 部分也成立`;
  return `${host}：${first?.zh?.observed ?? first?.observed ?? "该症状没有组成部分"}${more}`;
}

function unfit(reasons: string[]): Finding {
  return {
    claim: "the trial took place as its setup says",
    because: "nothing can be concluded from a trial that did not",
    observed: reasons.join("; "),
    outcome: "inconclusive",
    zh: { claim: "试验如其设置所说进行", observed: reasons.join("; ") },
  };
}

function finding<E extends Evidence>(expectation: Expectation<E>, evidence: E): Finding {
  const { claim, because } = expectation;
  const { holds, observed, zh, lacks } = answerOf(expectation, evidence);
  const isBoth = expectation.zh !== undefined || zh !== undefined;
  const inChinese = { claim: expectation.zh ?? claim, observed: zh ?? observed };
  return {
    claim,
    because,
    observed,
    outcome: outcomeOf(holds),
    ...(isBoth && { zh: inChinese }),
    ...(lacks !== undefined && { lacks }),
  };
}

function outcomeOf(holds: boolean | null): Outcome {
  if (holds === null) return "inconclusive";
  return holds ? "confirmed" : "refuted";
}
