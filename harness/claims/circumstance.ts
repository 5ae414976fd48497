import type { Circumstance, Question } from "./claim.ts";

type Trials = string | [string, ...string[]];
type Asks = [Question, ...Question[]];

/** The questions to a trial, `experiment/variant`, or to several at once. `experiment/variant#part` is one part of a trial that has several. */
export function on(trials: Trials, ...asks: Asks): Circumstance {
  const [first, ...others] = typeof trials === "string" ? [trials] : trials;
  const [trial, part] = first.split("#");
  return { in: [trial!, ...others], ...(part !== undefined && { part }), asks };
}

/** A circumstance that a reader with default settings and ordinary programs meets. */
export function everyday(trials: Trials, ...asks: Asks): Circumstance & { met: "everyday" } {
  return { ...on(trials, ...asks), met: "everyday" };
}

/** A circumstance that needs a setting, an option, an attack or a coincidence. */
export function rare(trials: Trials, ...asks: Asks): Circumstance & { met: "rare" } {
  return { ...on(trials, ...asks), met: "rare" };
}
