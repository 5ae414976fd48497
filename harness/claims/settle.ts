import type { Answer, ExactExpectation } from "../model/expectation.ts";
import type { Recording } from "../model/recording.ts";
import type { Text } from "../model/text.ts";
import { worst, type Outcome } from "../model/verdict.ts";
import { judgeExact } from "../verdict/judge.ts";
import { briefly } from "./ask.ts";
import type { ClaimResult, ClaimVerdict, Circumstance, Met, Question, Rule, Settled } from "./claim.ts";
import { partOf, sceneOf } from "./parts.ts";

/** The recording of a trial, `experiment/variant`; null when there is none. */
export type Recorded = (trial: string) => Recording | null;

/** What a trial's variant does differently, as its summary says: `experiment/variant`. */
export type Described = (trial: string) => Text;

/**
 * Settles a claim from the recordings alone. The claim is refuted when it fails in one of its own circumstances. It holds with
 * limits when it fails only in a circumstance that it does not exclude. It is inconclusive when a recording that could have
 * decided is missing, unsound or lacks the answer.
 */
export function settle(rule: Rule, recorded: Recorded, described: Described): ClaimResult {
  const under = rule.under.map((circumstance) => settleCircumstance(circumstance, recorded, described));
  const beyond = rule.beyond.map((circumstance) => settleCircumstance(circumstance, recorded, described));
  const verdict = verdictOf(rule, under, beyond);
  const deciding = decidingFor({ verdict, under, beyond });
  const [first = rule.under[0]] = deciding;
  return {
    id: rule.id,
    verdict,
    ...(verdict === "holds-with-limits" && { met: metIn(rule, beyond) }),
    observed: joined(deciding.map(inWords)),
    because: becauseOf(rule, verdict, deciding),
    experiment: first.in[0] ?? rule.under[0].in[0],
    under,
    beyond,
  };
}

function verdictOf(rule: Rule, under: Settled[], beyond: Settled[]): ClaimVerdict {
  const isFailed = (one: Settled): boolean => one.holds === false;
  const isOpen = (one: Settled): boolean => one.holds === null;
  if (rule.untestable !== undefined) return under.some(isOpen) ? "inconclusive" : "not-testable";
  if (under.some(isFailed)) return rule.history === undefined ? "refuted" : "obsolete";
  if (under.some(isOpen)) return "inconclusive";
  if (beyond.some(isFailed)) return "holds-with-limits";
  return beyond.some(isOpen) ? "inconclusive" : "holds";
}

/** A limit is an everyday limit when the claim fails in an everyday circumstance. */
function metIn(rule: Rule, beyond: Settled[]): Met {
  const failed = rule.beyond.filter((_, nth) => beyond[nth]?.holds === false);
  return failed.some(({ met }) => met === "everyday") ? "everyday" : "rare";
}

/** The circumstances that the output must show to justify the verdict. */
export function decidingFor({
  verdict,
  under,
  beyond,
}: Pick<ClaimResult, "verdict" | "under" | "beyond">): Settled[] {
  switch (verdict) {
    case "refuted":
    case "obsolete":
      return under.filter(({ holds }) => holds === false);
    case "inconclusive":
      return [...under, ...beyond].filter(({ holds }) => holds === null);
    case "holds-with-limits":
      return [...under, ...beyond.filter(({ holds }) => holds === false)];
    case "not-testable":
      return under;
    case "holds":
      return [...under, ...beyond];
  }
}

function becauseOf(rule: Rule, verdict: ClaimVerdict, deciding: Settled[]): Text {
  const text = rule.because[verdict];
  if (verdict === "not-testable" && rule.untestable !== undefined) {
    return joined([rule.untestable.reason, rule.untestable.instead], { en: "; ", zh: "；" });
  }
  if (verdict === "obsolete" && rule.history !== undefined) {
    return joined([...(text === undefined ? [] : [text]), rule.history.text], { en: "; ", zh: "；" });
  }
  return text ?? joined([UNFORESEEN[verdict], ...deciding.map(({ where }) => where)], { en: ": ", zh: "：" });
}

/** The text for a verdict without a written reason. */
const UNFORESEEN: Record<ClaimVerdict, Text> = {
  holds: { en: "it held under every tried condition", zh: "所有试过的条件下都成立" },
  "holds-with-limits": { en: "it held, but not everywhere", zh: "成立，但并非处处成立" },
  refuted: { en: "on this kernel it failed", zh: "在这个内核上不成立" },
  obsolete: { en: "on this kernel it no longer holds", zh: "在这个内核上已不再成立" },
  "not-testable": { en: "it cannot be tried here", zh: "这里无法验证" },
  inconclusive: { en: "this run could not decide", zh: "这次运行无法判断" },
};

function settleCircumstance(circumstance: Circumstance, recorded: Recorded, described: Described): Settled {
  const { in: trials, asks } = circumstance;
  const where = whereOf(circumstance, described);
  const recordings = trials.map((trial) => recorded(trial));
  const missing = trials.filter((_, nth) => recordings[nth] === null);
  if (missing.length > 0) {
    const names = missing.join(", ");
    const observed = { en: `there is no recording of ${names}`, zh: `没有 ${names} 的记录` };
    return { where, in: trials, holds: null, observed };
  }
  const answers = asks.map((ask) => put(ask, recordings as Recording[]));
  const observed = joined(distinct(answers.map((one) => one.observed)));
  return { where, in: trials, holds: holdsAt(answers), observed };
}

/**
 * The scene, the variant's summary, and the part that is meant. Of several trials, each summary has its variant's name, because the
 * name identifies their figures.
 */
function whereOf({ in: trials, part }: Circumstance, described: Described): Text {
  const [first, ...others] = trials;
  const own =
    others.length === 0 ? [described(first)] : trials.map((trial) => besideItsName(trial, described));
  const scenes = trials.flatMap((trial) => sceneOf(trial) ?? []);
  return joined(distinct([...scenes, ...own, ...(part === undefined ? [] : [partOf(first, part)])]));
}

function besideItsName(trial: string, described: Described): Text {
  const name = trial.slice(trial.indexOf("/") + 1);
  const { en, zh } = described(trial);
  return { en: `${name} (${en})`, zh: `${name}（${zh}）` };
}

function holdsAt(answers: { outcome: Outcome }[]): boolean | null {
  // One part that fails decides, even when others are inconclusive.
  const outcome = worst(answers.map((one) => one.outcome));
  return outcome === "inconclusive" ? null : outcome === "confirmed";
}

/** Asks a question once, through the judge of experiments: each recording must be sound, and contain what the question needs. */
function put(ask: Question, recordings: Recording[]): { outcome: Outcome; observed: Text } {
  const verdicts = recordings.map((recording, nth) => {
    const test = (): Answer => (nth > 0 ? { holds: true, observed: "" } : briefly(ask, recordings));
    return judgeExact([{ claim: "", because: "", needs: ask.needs, test, ...everyLookOf(ask) }], recording);
  });
  const outcome = worst(verdicts.map((verdict) => verdict.outcome));
  const findings = verdicts.flatMap((verdict) => verdict.findings).filter(({ observed }) => observed !== "");
  const telling = outcome === "inconclusive" ? findings.filter((one) => one.outcome === outcome) : findings;
  const inBoth = telling.map(({ observed, zh }) => ({ en: observed, zh: zh?.observed ?? observed }));
  return { outcome, observed: joined(distinct(inBoth), { en: "; ", zh: "; " }) };
}

/** A question does not say whether it is about every sample. If it needs samples of a host, this is assumed. */
function everyLookOf({ needs }: Question): Pick<ExactExpectation, "ofEveryLook"> {
  const kind = (["sockets", "listeners", "processes"] as const).find((one) => needs.includes(one));
  return kind === undefined ? {} : { ofEveryLook: { kind } };
}

function inWords({ where, observed }: Settled): Text {
  return joined([where, observed], { en: ": ", zh: "：" });
}

/** Each sentence once: one reason can make every question of a trial inconclusive. */
function distinct(texts: Text[]): Text[] {
  return texts.filter(({ en }, nth) => texts.findIndex((other) => other.en === en) === nth);
}

function joined(texts: Text[], by: Text = { en: "; ", zh: "；" }): Text {
  return { en: texts.map(({ en }) => en).join(by.en), zh: texts.map(({ zh }) => zh).join(by.zh) };
}
