import type { Circumstance, Question } from "./claim.ts";

type Trials = string | [string, ...string[]];
type Asks = [Question, ...Question[]];

/** What is asked of a trial, `experiment/variant`, or of several at once. `experiment/variant#part` is a part of one that has several. */
export function on(trials: Trials, ...asks: Asks): Circumstance {
  const [first, ...others] = typeof trials === "string" ? [trials] : trials;
  const [trial, part] = first.split("#");
  return { in: [trial!, ...others], ...(part !== undefined && { part }), asks };
}

/** The same in circumstances that a reader meets who has default settings and ordinary programs. */
export function everyday(trials: Trials, ...asks: Asks): Circumstance & { met: "everyday" } {
  return { ...on(trials, ...asks), met: "everyday" };
}

/** The same in circumstances that need a setting, an option, an attack or a coincidence. */
export function rare(trials: Trials, ...asks: Asks): Circumstance & { met: "rare" } {
  return { ...on(trials, ...asks), met: "rare" };
}
