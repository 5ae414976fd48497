import { expect, test } from "vitest";
import { select } from "./catalogue.ts";
import { choiceOf } from "./choice.ts";
import { UsageError } from "./errors.ts";
import { planTrials } from "./plan.ts";

test.each([
  ["close-wait-leak", "close-wait-leak", false, null],
  ["close-wait-leak/fixed", "close-wait-leak", false, "fixed"],
  ["close-wait-leak/", "close-wait-leak", false, null],
  ["./mine.ts", "./mine.ts", true, null],
  ["./mine.ts/plain", "./mine.ts", true, "plain"],
  ["a.ts/b.ts", "a.ts/b.ts", true, null],
  ["./mine", "./mine", false, null],
])("%s is read as %s", (word, name, isFile, variant) => {
  expect(choiceOf(word)).toEqual({ name, isFile, variant });
});

/** The trials of a command line, as ID/VARIANT. */
async function trials(words: string[], variant?: string[]): Promise<string[]> {
  const plans = planTrials(await select(words, false), { variant });
  return plans.map((plan) => `${plan.experiment.id}/${plan.variant}`);
}

test("ID/VARIANT chooses one trial, in the notation in which trials are printed", async () => {
  expect(await trials(["close-wait-leak/fixed"])).toEqual(["close-wait-leak/fixed"]);
  expect(await trials(["half-open-idle/buggy", "close-wait-leak/fixed"])).toEqual([
    "half-open-idle/buggy",
    "close-wait-leak/fixed",
  ]);
  // Both variants, in the experiment's order; and an id alone is all of its variants.
  const both = ["close-wait-leak/buggy", "close-wait-leak/fixed"];
  expect(await trials(["close-wait-leak/fixed", "close-wait-leak/buggy"])).toEqual(both);
  expect(await trials(["close-wait-leak/fixed", "close-wait-leak"])).toEqual(both);
  expect(await trials(["close-wait-leak", "close-wait-leak/fixed"])).toEqual(both);
});

test("globs choose ids and variants", async () => {
  const chosen = await trials(["half-open-*/fixed*"]);
  expect(chosen).toContain("half-open-writer/fixed-by-user-timeout");
  expect(chosen.filter((one) => !/^half-open-.*\/fixed/.test(one))).toEqual([]);
});

test("--variant can be given several times", async () => {
  expect(await trials(["half-open-idle"], ["buggy", "fixed"])).toEqual([
    "half-open-idle/buggy",
    "half-open-idle/fixed",
  ]);
});

test.each<[string[], string[] | undefined, RegExp]>([
  [[""], undefined, /^"" names no experiment: write an id/],
  [["/"], undefined, /^There is no experiment \/\./],
  [["a".repeat(70_000)], undefined, /^A name has at most 1000 characters, and this one has 70000/],
  [["close-wait-leak/fixd"], undefined, /^close-wait-leak has no variant "fixd"\. Did you mean fixed\?/],
  [["close-wait-leek/fixed"], undefined, /^There is no experiment close-wait-leek\. Did you mean close-wait/],
  [["close-wait-leak/fixed"], ["buggy"], /^close-wait-leak\/fixed names its variant already/],
  [["close-wait-leak"], ["buggy", "fixd"], /^close-wait-leak has no variant "fixd"\. Did you mean fixed\?/],
])("%j with --variant %j is wrong usage", async (words, variant, sentence) => {
  await expect(trials(words, variant)).rejects.toThrow(sentence);
  await expect(trials(words, variant)).rejects.toThrow(UsageError);
});

test("a wrong variant of the whole catalogue prints the nearest name, and not all names", async () => {
  const error: unknown = await select(["*"], false)
    .then((entries) => planTrials(entries, { variant: "bugy" }))
    .catch((reason: unknown) => reason);
  expect(String(error)).toMatch(/Did you mean buggy\? "lastack list" lists the variants/);
  expect(String(error).length).toBeLessThan(200);
});
