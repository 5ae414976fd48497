import {
  attempts,
  connectionsMade,
  latencies,
  outcomeCounts,
  type Attempts,
  type AttemptTime,
} from "../measure/attempts.ts";
import { percentile } from "../measure/percentile.ts";
import { reported, type Reports } from "../measure/reports.ts";
import type { Answer } from "../model/expectation.ts";
import type { Recording } from "../model/recording.ts";
import type { Bound } from "./bound.ts";
import { type Claim, claim } from "./claim.ts";
import { countOf, figure } from "./wording.ts";

const TIMES: Record<AttemptTime, string> = {
  connectMs: "time to connect",
  firstByteMs: "time to the first byte",
  totalMs: "total time",
};

/** How many attempts succeed. */
export function attemptsOk(which: Attempts, bound: Bound): Claim<Recording> {
  return claim(
    `${bound.ofThings("attempt", "attempts")}${of(which)} ${bound.isOne ? "succeeds" : "succeed"}`,
    ["attempt"],
    (recording) => ended(recording, which, "ok", bound),
  );
}

/** How many attempts end in one way: phase and code, as in `connect EADDRNOTAVAIL` or `response timeout`; or `never begun`. */
export function outcomes(which: Attempts, outcome: string, bound: Bound): Claim<Recording> {
  const ends = bound.isOne ? "ends" : "end";
  const begins = bound.isOne ? "begins" : "begin";
  const how = outcome === "never begun" ? `never ${begins}` : `${ends} in ${outcome}`;
  return claim(`${bound.ofThings("attempt", "attempts")}${of(which)} ${how}`, ["attempt"], (recording) =>
    ended(recording, which, outcome, bound),
  );
}

/** A percentile (nearest rank) of a time in milliseconds, over the attempts that came so far. 100 is the longest. */
export function latency(which: Attempts, time: AttemptTime, p: number, bound: Bound): Claim<Recording> {
  const sentence = `the ${TIMES[time]}${of(which)} is ${bound.ofAmount("ms")} at ${rank(p)}`;
  return claim(sentence, ["attempt"], (recording) =>
    distribution(latencies(recording, which, time), p, bound, {
      unit: " ms",
      of: `the ${TIMES[time]}`,
      thing: "attempt",
    }),
  );
}

/** How many connections the attempts make. */
export function connections(which: Attempts, bound: Bound): Claim<Recording> {
  const things = bound.ofThings("connection", "connections");
  return claim(`the attempts${of(which)} make ${things}`, ["attempt"], (recording) => {
    const made = attempts(recording, which).length;
    if (made === 0) return none(which);
    const used = connectionsMade(recording, which);
    return {
      holds: bound.holds(used),
      observed: `${countOf(used, "connection")} for ${countOf(made, "attempt")}`,
    };
  });
}

/** A percentile (nearest rank) of a figure that a program reports of itself, in the figure's own unit. */
export function selfReported(which: Reports, field: string, p: number, bound: Bound): Claim<Recording> {
  const who = which.program === undefined ? "" : ` of ${which.program}`;
  const sentence = `the ${field}${who}, as it reports itself, is ${bound.ofAmount("")} at ${rank(p)}`;
  return claim(sentence, ["report"], (recording) =>
    distribution(reported(recording, which, field), p, bound, { unit: "", of: field, thing: "report" }),
  );
}

function ended(recording: Recording, which: Attempts, outcome: string, bound: Bound): Answer {
  const all = attempts(recording, which).length;
  if (all === 0) return none(which);
  const counts = outcomeCounts(recording, which);
  const others = [...counts].map(([key, count]) => `${count} ${key}`).join(", ");
  return {
    holds: bound.holds(counts.get(outcome) ?? 0),
    observed: `of ${countOf(all, "attempt")}: ${others}`,
  };
}

function distribution(
  values: number[],
  p: number,
  bound: Bound,
  words: { unit: string; of: string; thing: string },
): Answer {
  const value = percentile(values, p);
  if (value === null) return { holds: null, observed: `no ${words.thing} tells ${words.of}` };
  const around = [50, 100]
    .filter((other) => other !== p)
    .map((other) => {
      const shown = `${figure(percentile(values, other) ?? value)}${words.unit}`;
      return other === 100 ? `the most ${shown}` : `p50 ${shown}`;
    });
  return {
    holds: bound.holds(value),
    observed: `${words.of} was ${figure(value)}${words.unit} at ${rank(p)} of ${countOf(values.length, words.thing)} (${around.join(", ")})`,
  };
}

function of({ program, phase }: Attempts): string {
  return `${program === undefined ? "" : ` of ${program}`}${phase === undefined ? "" : ` during ${phase}`}`;
}

function rank(p: number): string {
  return p === 100 ? "its most" : `p${p}`;
}

function none(which: Attempts): Answer {
  return { holds: null, observed: `no attempt${of(which)} was recorded` };
}
