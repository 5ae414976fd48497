import { ArgumentError } from "../../model/argument-error.ts";
import { shown } from "../../model/shown.ts";

// The arguments of the vocabulary's functions, which compute sentences from them at once. Only what these need is checked here; names,
// numbers and keys are checked where the claim's setup is known (harness/runs/check).

/** What an argument has to be, in words, and its test. */
interface Kind {
  what: string;
  has: (value: unknown) => boolean;
}

const isObject = (value: unknown): value is object =>
  typeof value === "object" && value !== null && !Array.isArray(value);

export const SELECTOR: Kind = { what: "an object, such as {}", has: isObject };
export const OBJECT: Kind = { what: "an object", has: isObject };
export const LIST: Kind = { what: "a list", has: Array.isArray };
export const TEXT: Kind = { what: "a text", has: (value) => typeof value === "string" };
export const NUMBER: Kind = { what: "a number", has: (value) => typeof value === "number" };
export const CALLABLE: Kind = { what: "a function", has: (value) => typeof value === "function" };
export const BOUND: Kind = {
  what: "exactly(), atLeast(), atMost() or between()",
  has: (value) => isObject(value) && "holds" in value && typeof value.holds === "function",
};
/** One of some words. */
export const oneOf = (words: readonly string[]): Kind => ({
  what: `${words.slice(0, -1).join(", ")} or ${words.at(-1)}`,
  has: (value) => words.some((word) => word === value),
});

/**
 * Throws an ArgumentError for the first argument of a function that is not of its kind:
 * `attemptsOk(): bound is 23; expected exactly(), atLeast(), atMost() or between()`.
 */
export function checkArguments(name: string, given: Record<string, [value: unknown, kind: Kind]>): void {
  for (const [argument, [value, { what, has }]] of Object.entries(given)) {
    if (has(value)) continue;
    const is = value === undefined ? "is missing" : `is ${shown(value)}`;
    throw new ArgumentError(`${name}(): ${argument} ${is}; expected ${what}`);
  }
}
