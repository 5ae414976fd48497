import { z } from "zod";

/** Rounds of a row may alternate with those of another checkout, to which this one is compared. */
export type Side = "here" | "there";

export const roundSchema = z.object({
  side: z.enum(["here", "there"]),
  /** The commit of the other checkout with which this round alternates; null for one that stands alone. */
  beside: z.string().nullable(),
  /** How many came to what: `{"confirmed": 16, "inconclusive": 1}`. */
  counts: z.record(z.string(), z.number()),
  /** Trials, and how many of them were run again because the machine had no time for them. */
  trials: z.number(),
  again: z.number(),
  /** How often trials were run again; one of them may have been so twice. */
  repetitions: z.number(),
  seconds: z.number(),
  /** Processor time of the whole machine; null where it says nothing about the round. */
  cpuSeconds: z.number().nullable(),
  /** Why the round came to nothing that can be counted; null when it is sound. */
  unsound: z.string().nullable(),
});

/** What came of one round of a row. */
export type Round = z.infer<typeof roundSchema>;

/** How many came to what, of outcomes one by one. */
export function countsOf(outcomes: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const outcome of outcomes) counts[outcome] = (counts[outcome] ?? 0) + 1;
  return counts;
}

/** How many of some rounds came to what, added up. */
export function countsOfAll(rounds: readonly Round[]): Record<string, number> {
  return countsOf(
    rounds.flatMap(({ counts }) =>
      Object.entries(counts).flatMap(([outcome, count]) => Array.from({ length: count }, () => outcome)),
    ),
  );
}

/** `16 confirmed, 1 inconclusive`. */
export function countsWords(counts: Record<string, number>): string {
  const words = Object.entries(counts).map(([outcome, count]) => `${count} ${outcome}`);
  return words.length === 0 ? "nothing" : words.join(", ");
}

/** `1 trial run again`; an empty text where none was. */
export function againWords(again: number): string {
  return again === 0 ? "" : `${again} ${again === 1 ? "trial" : "trials"} run again`;
}
