import { z } from "zod";

/** The checkout of a round: `here` is this one, `there` is the one that it is compared with. Their rounds can alternate. */
export type Side = "here" | "there";

export const roundSchema = z.object({
  side: z.enum(["here", "there"]),
  /** The commit of the other checkout with which this round alternates; null if it alternates with none. */
  beside: z.string().nullable(),
  /** How many results have each outcome: `{"confirmed": 16, "inconclusive": 1}`. */
  counts: z.record(z.string(), z.number()),
  /** The number of trials, and of those that were run again because the machine was too busy. */
  trials: z.number(),
  again: z.number(),
  /** How often trials were run again; one trial can count twice. */
  repetitions: z.number(),
  seconds: z.number(),
  /** Processor time of the whole machine; null if it says nothing about the round. */
  cpuSeconds: z.number().nullable(),
  /** Why the round has no results that can be counted; null if it is sound. */
  unsound: z.string().nullable(),
});

/** The result of one round of a row. */
export type Round = z.infer<typeof roundSchema>;

/** How many of these outcomes are of each kind. */
export function countsOf(outcomes: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const outcome of outcomes) counts[outcome] = (counts[outcome] ?? 0) + 1;
  return counts;
}

/** How many results of some rounds have each outcome, in sum. */
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

/** `1 trial run again`; an empty text if none was. */
export function againWords(again: number): string {
  return again === 0 ? "" : `${again} ${again === 1 ? "trial" : "trials"} run again`;
}
