import type { SegmentMatch } from "../model/segment.ts";
import type { WireAction, WireRule } from "../model/wire.ts";
import { MOST_WIRE_DELAY_MS } from "../recording/wire-schema.ts";
import { suggest } from "../recording/suggest.ts";
import { UsageError } from "../runs/errors.ts";

// The words of --wire that are about single segments: `drop=SYN:2`, `hold=ANSWER:1:500ms`, `repeat=FIN:1`, `corrupt=REQUEST:2-4`.

/** The segments that a word can name. They are those of the client's connections, whichever end sends them. */
const SEGMENTS: Record<string, SegmentMatch> = {
  SYN: { from: "client", flags: ["SYN"], without: ["ACK"] },
  "SYN-ACK": { from: "server", flags: ["SYN", "ACK"] },
  REQUEST: { from: "client", payload: "some" },
  ANSWER: { from: "server", payload: "some" },
  FIN: { from: "server", flags: ["FIN"] },
};
const SEGMENT_NAMES: readonly string[] = Object.keys(SEGMENTS);

/** What a word does to its segments. `ms`: its third part, where it has one. */
const ACTS = {
  drop: { time: "none", action: (): WireAction => ({ drop: true }) },
  hold: { time: "needed", action: (ms: number): WireAction => ({ holdMs: ms }) },
  repeat: { time: "possible", action: (ms: number): WireAction => ({ duplicateAfterMs: ms }) },
  corrupt: { time: "none", action: (): WireAction => ({ corrupt: true }) },
} as const;
export type Act = keyof typeof ACTS;

/** A word that is about single segments, and its rule. */
export interface RuleWord {
  segment: string;
  /** The first and the last of them, from 1; `to` null: all that follow. */
  nth: { from: number; to: number | null };
  rule: WireRule;
}

/** Whether a word of --wire begins with what it does to single segments. */
export const isAct = (name: string): name is Act => Object.hasOwn(ACTS, name);

/** The rule of a word `ACT=SEGMENT:NTH` or `ACT=SEGMENT:NTH:TIME`. Throws a UsageError that says what is wrong in it. */
export function ruleWordOf(act: Act, value: string, word: string): RuleWord {
  const [segment = "", place, time, ...rest] = value.split(":");
  const match = Object.hasOwn(SEGMENTS, segment) ? SEGMENTS[segment] : undefined;
  if (match === undefined)
    throw refusedWord(
      word,
      `${act} takes ${SEGMENT_NAMES.join(", ")}, not ${JSON.stringify(segment)}.${suggest(segment.toUpperCase(), [...SEGMENT_NAMES])}`,
    );
  const nth = placeOf(place);
  if (nth === null)
    throw refusedWord(
      word,
      `it does not say which ${segment}: write ${act}=${segment}:1 for the first, 1-3 for the first three, 2- for all from the second on.`,
    );
  const ms = msOf(act, time, word);
  if (rest.length > 0) throw refusedWord(word, `nothing comes after ${act}=${segment}:${place}:${time}.`);
  return { segment, nth, rule: { name: word, match: { ...match, nth }, do: ACTS[act].action(ms) } };
}

/**
 * The rules of words, in the order in which each counts as its word says. A rule counts only segments on which none before it has acted, so
 * among rules for the same segments the one for the latest comes first. Throws a UsageError for two that act on the same segment.
 */
export function rulesInOrder(words: readonly RuleWord[]): WireRule[] {
  for (const [n, one] of words.entries()) {
    const other = words.slice(0, n).find((before) => meet(before, one));
    if (other === undefined) continue;
    throw new UsageError(
      `--wire: ${other.rule.name} and ${one.rule.name} act on the same ${one.segment}: leave one out.`,
    );
  }
  return words.toSorted((a, b) => b.nth.from - a.nth.from).map(({ rule }) => rule);
}

function meet(a: RuleWord, b: RuleWord): boolean {
  const until = ({ nth: { to } }: RuleWord): number => to ?? Number.POSITIVE_INFINITY;
  return a.segment === b.segment && a.nth.from <= until(b) && b.nth.from <= until(a);
}

/** `2`, `2-4` or `2-`; null for anything else. */
function placeOf(text = ""): RuleWord["nth"] | null {
  const [, first, dash, last = ""] = /^(\d{1,6})(-)?(\d{1,6})?$/.exec(text) ?? [];
  const from = Number(first ?? 0);
  if (from < 1 || (dash === undefined && last !== "")) return null;
  if (dash === undefined) return { from, to: from };
  if (last === "") return { from, to: null };
  return Number(last) < from ? null : { from, to: Number(last) };
}

function msOf(act: Act, time: string | undefined, word: string): number {
  const { time: wanted } = ACTS[act];
  if (time === undefined && wanted !== "needed") return 0;
  if (wanted === "none") throw refusedWord(word, `${act} takes no time.`);
  const ms = milliseconds(time ?? "");
  if (ms > 0 || (ms === 0 && wanted === "possible")) return ms;
  throw refusedWord(word, `${act} takes a time at its end, as in ${act}=ANSWER:1:500ms, up to 60s.`);
}

/** `50ms`, `0.5s`; NaN for anything else, and for more than a minute. */
export function milliseconds(text: string): number {
  const [, figure, unit] = /^(\d{1,9}(?:\.\d{1,9})?)(ms|s)$/.exec(text) ?? [];
  const ms = Number(figure) * (unit === "s" ? 1000 : 1);
  return ms <= MOST_WIRE_DELAY_MS ? ms : Number.NaN;
}

/** The error about one word of --wire. */
export function refusedWord(word: string, why: string): UsageError {
  return new UsageError(`--wire ${JSON.stringify(word)}: ${why}`);
}
