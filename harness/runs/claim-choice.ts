import { AREAS, type Area, CLAIM_VERDICTS, type ClaimVerdict, type Met } from "../claims/claim.ts";
import { STATEMENTS } from "../claims/statements.ts";
import { quoted, suggest } from "../recording/suggest.ts";
import type { ClaimRow } from "../report/claims.ts";
import { UsageError } from "./errors.ts";

/** Which of the limits of a claim that holds with limits are meant. */
const LIMITS: Record<string, Met> = { "everyday-limits": "everyday", "rare-limits": "rare" };
/** The words that choose claims by verdict. */
const VERDICT_CHOICES = [...CLAIM_VERDICTS, ...Object.keys(LIMITS)];
/** The words that choose claims by area. */
export const AREA_CHOICES = Object.keys(AREAS) as Area[];

/**
 * The ids of the chosen claims, in the order of STATEMENTS; all without a choice. A word is an id, or the part that the ids of several
 * claims share: C14 for C14a to C14c. Throws a UsageError, with the nearest word, for an unknown id or area.
 */
export function chosenIds(words: string[], areas: string[]): string[] {
  const all = STATEMENTS.map(({ id }) => id);
  const chosen = words.flatMap((word) => idsFor(word, all));
  for (const area of areas) known(area, AREA_CHOICES, "area");
  return STATEMENTS.filter(
    ({ id, area }) =>
      (words.length === 0 || chosen.includes(id)) && (areas.length === 0 || areas.includes(area)),
  ).map(({ id }) => id);
}

/** The rows with one of these verdicts; all without a choice. Throws a UsageError for an unknown verdict. */
export function withVerdict(rows: ClaimRow[], verdicts: string[]): ClaimRow[] {
  for (const verdict of verdicts) known(verdict, VERDICT_CHOICES, "verdict");
  if (verdicts.length === 0) return rows;
  return rows.filter(({ result: { verdict, met } }) =>
    verdicts.some((word) => (word in LIMITS ? met === LIMITS[word] : verdict === (word as ClaimVerdict))),
  );
}

function idsFor(word: string, all: string[]): string[] {
  const lower = word.toLowerCase();
  const own = all.filter((id) => id.toLowerCase() === lower);
  const parts = own.length > 0 ? own : all.filter((id) => id.toLowerCase().replace(/[a-z]$/, "") === lower);
  if (parts.length > 0) return parts;
  throw new UsageError(
    `There is no claim ${quoted(word)}.${suggest(word, all)} "lastack claims" lists all claims.`,
  );
}

function known(word: string, choices: string[], what: "area" | "verdict"): void {
  if (choices.includes(word)) return;
  throw new UsageError(
    `There is no ${what} ${quoted(word)}.${suggest(word, choices)} The ${what}s are: ${choices.join(", ")}.`,
  );
}
