import {
  attempts,
  connectionsMade,
  endedIn,
  latencies,
  outcomeCounts,
  outcomeOf,
  type Attempts,
  type AttemptTime,
} from "../../measure/attempts.ts";
import { percentile } from "../../measure/percentile.ts";
import { reported, type Reports } from "../../measure/reports.ts";
import type { Answer } from "../../model/expectation.ts";
import type { Recording } from "../../model/recording.ts";
import type { Text } from "../../model/text.ts";
import { BOUND, NUMBER, SELECTOR, TEXT, oneOf, checkArguments } from "./arguments.ts";
import type { Bound } from "./bound.ts";
import { answer, type Claim, claim } from "./claim.ts";
import { whyRefused } from "./refused.ts";
import { countOf, figure } from "./wording.ts";
import { attemptsThat, connectionsOf, TIMES, timeAt } from "./figures/attempts.ts";
import { selfReportedAt } from "./figures/reports.ts";
import { duringZh } from "./wording-zh.ts";

/** How many attempts succeed. */
export function attemptsOk(which: Attempts, bound: Bound): Claim<Recording> {
  checkArguments("attemptsOk", { which: [which, SELECTOR], bound: [bound, BOUND] });
  const sentence = {
    en: `${bound.ofThings("attempt", "attempts")}${of(which).en} ${bound.isOne ? "succeeds" : "succeed"}`,
    zh: `${of(which).zh}成功的尝试：${bound.zh} 次`,
  };
  const about = attemptsThat("ok", which);
  return claim(sentence, ["attempt"], (recording) => ended(recording, which, "ok", bound), {
    about,
    given: { attempts: which, count: bound },
    nearest: (recording) => refused(recording, which),
  });
}

/**
 * How many attempts end in one way: phase and code, as in `connect EADDRNOTAVAIL`, `response timeout` or `status 404`; or `never begun`.
 * `status 4xx` is every status from 400 to 499.
 */
export function outcomes(which: Attempts, outcome: string, bound: Bound): Claim<Recording> {
  checkArguments("outcomes", { which: [which, SELECTOR], outcome: [outcome, TEXT], bound: [bound, BOUND] });
  const isNone = outcome === "never begun";
  const ends = bound.isOne ? "ends" : "end";
  const begins = bound.isOne ? "begins" : "begin";
  const sentence = {
    en: `${bound.ofThings("attempt", "attempts")}${of(which).en} ${isNone ? `never ${begins}` : `${ends} in ${outcome}`}`,
    zh: `${of(which).zh}${isNone ? "从未开始" : `以 ${outcome} 结束`}的尝试：${bound.zh} 次`,
  };
  const about = attemptsThat(outcome, which);
  return claim(sentence, ["attempt"], (recording) => ended(recording, which, outcome, bound), {
    about,
    given: { attempts: which, outcome, count: bound },
    nearest: (recording) => refused(recording, which),
  });
}

/** A percentile (nearest rank) of a time in milliseconds, over the attempts that reached that point. 100 is the longest. */
export function latency(which: Attempts, time: AttemptTime, p: number, bound: Bound): Claim<Recording> {
  checkArguments("latency", {
    which: [which, SELECTOR],
    time: [time, oneOf(Object.keys(TIMES))],
    p: [p, NUMBER],
    bound: [bound, BOUND],
  });
  const sentence = {
    en: `${TIMES[time].en}${of(which).en} is ${bound.ofAmount("ms")} at ${rank(p).en}`,
    zh: `${of(which).zh}${TIMES[time].zh}的${rank(p).zh}：${bound.zh} ms`,
  };
  const words = { unit: " ms", of: TIMES[time], thing: { en: "attempt", zh: "次尝试" } };
  const test = (recording: Recording): Answer =>
    distribution(latencies(recording, which, time), p, bound, words);
  return claim(sentence, ["attempt"], test, {
    about: timeAt(which, time, p),
    given: { attempts: which, time, percentile: p, duration: bound },
  });
}

/** How many connections the attempts make. */
export function connections(which: Attempts, bound: Bound): Claim<Recording> {
  checkArguments("connections", { which: [which, SELECTOR], bound: [bound, BOUND] });
  const things = bound.ofThings("connection", "connections");
  const sentence = {
    en: `the attempts${of(which).en} make ${things}`,
    zh: `${of(which).zh}各次尝试所建的连接：${bound.zh} 条`,
  };
  const test = (recording: Recording): Answer => {
    const made = attempts(recording, which).length;
    if (made === 0) return none(which);
    const used = connectionsMade(recording, which);
    return answer(bound.holds(used), {
      en: `${countOf(used, "connection")} for ${countOf(made, "attempt")}`,
      zh: `${made} 次尝试，${used} 条连接`,
    });
  };
  return claim(sentence, ["attempt"], test, {
    about: connectionsOf(which),
    given: { attempts: which, count: bound },
  });
}

/** A percentile (nearest rank) of a figure that a program reports about itself, in the figure's own unit. */
export function selfReported(which: Reports, field: string, p: number, bound: Bound): Claim<Recording> {
  checkArguments("selfReported", {
    which: [which, SELECTOR],
    field: [field, TEXT],
    p: [p, NUMBER],
    bound: [bound, BOUND],
  });
  const who = which.program === undefined ? "" : ` of ${which.program}`;
  const sentence = {
    en: `the ${field}${who}, by its own report, is ${bound.ofAmount("")} at ${rank(p).en}`,
    zh: `${which.program ?? "程序"} 自己报告的 ${field} 的${rank(p).zh}：${bound.zh}`,
  };
  const words = { unit: "", of: { en: field, zh: field }, thing: { en: "report", zh: "次报告" } };
  const test = (recording: Recording): Answer =>
    distribution(reported(recording, which, field), p, bound, words);
  return claim(sentence, ["report"], test, {
    about: selfReportedAt(which, field, p),
    given: { reports: which, field, percentile: p, figure: bound },
  });
}

function refused(recording: Recording, which: Attempts): Text | null {
  const all = attempts(recording, which).filter((one) => outcomeOf(one) === "connect ECONNREFUSED");
  return whyRefused(
    recording,
    all.map(({ program }) => program),
  );
}

function ended(recording: Recording, which: Attempts, outcome: string, bound: Bound): Answer {
  const all = attempts(recording, which).length;
  if (all === 0) return none(which);
  const counts = outcomeCounts(recording, which);
  const others = [...counts].map(([key, count]) => `${count} ${key}`);
  return answer(bound.holds(endedIn(recording, which, outcome)), {
    en: `of ${countOf(all, "attempt")}: ${others.join(", ")}`,
    zh: `${all} 次尝试：${others.join("、")}`,
  });
}

function distribution(
  values: number[],
  p: number,
  bound: Bound,
  words: { unit: string; of: Text; thing: Text },
): Answer {
  const { of, thing } = words;
  const value = percentile(values, p);
  if (value === null) {
    return answer(null, { en: `no ${thing.en} contains ${of.en}`, zh: `没有一${thing.zh}给出${of.zh}` });
  }
  const shown = (one: number): string => `${figure(one)}${words.unit}`;
  const around = [50, 100]
    .filter((other) => other !== p)
    .map((other) => ({ rank: other, shown: shown(percentile(values, other) ?? value) }));
  const en = around.map((one) => `${one.rank === 100 ? "maximum" : "p50"} ${one.shown}`).join(", ");
  const zh = around.map((one) => `${one.rank === 100 ? "最大" : "p50"} ${one.shown}`).join("，");
  return answer(bound.holds(value), {
    en: `${of.en} was ${shown(value)} at ${rank(p).en} of ${countOf(values.length, thing.en)} (${en})`,
    zh: `${of.zh}的${rank(p).zh}为 ${shown(value)}，共 ${values.length} ${thing.zh}（${zh}）`,
  });
}

function of({ program, phase }: Attempts): Text {
  return {
    en: `${program === undefined ? "" : ` of ${program}`}${phase === undefined ? "" : ` during ${phase}`}`,
    zh: `${program === undefined ? "" : `${program} `}${duringZh(phase)}`,
  };
}

function rank(p: number): Text {
  return p === 100 ? { en: "its maximum", zh: "最大值" } : { en: `p${p}`, zh: ` p${p}` };
}

function none(which: Attempts): Answer {
  const { en, zh } = of(which);
  return answer(null, { en: `no attempt${en} was recorded`, zh: `没有${zh}尝试的记录` });
}
