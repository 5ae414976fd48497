import { attempts, outcomeOf } from "../../../measure/attempts.ts";
import type { Recording } from "../../../model/recording.ts";
import { percentile } from "../../../measure/percentile.ts";
import type { Question } from "../../former.ts";
import { figureOf } from "../../former.ts";
import { atLeast, exactly, type Bound } from "../../../verdict/bound.ts";

/** How many of the attempts had no answer; null when there was none. */
function unanswered(recording: Recording): number | null {
  const all = attempts(recording);
  return all.length === 0 ? null : all.filter((one) => outcomeOf(one) !== "ok").length;
}

const requestsUnanswered = (bound: Bound): Question =>
  figureOf(
    { en: "requests without an answer: {}", zh: "没有得到应答的请求：{} 个" },
    { needs: ["attempt"], of: unanswered },
    bound,
  );

/** That all who asked were served. */
export const allServed: Question = requestsUnanswered(exactly(0));

/** That some who asked were turned away. */
export const someTurnedAway: Question = requestsUnanswered(atLeast(1));

/** The time in the middle of all that a program's attempts took, in milliseconds; null where none ended well. */
export function medianMs(recording: Recording, program: string = "load"): number | null {
  const times = attempts(recording, { program }).flatMap(({ totalMs, outcome }) =>
    outcome === "ok" && totalMs !== null ? [totalMs] : [],
  );
  return percentile(times, 50);
}
