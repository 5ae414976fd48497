import { nearest } from "../recording/suggest.ts";
import type { WireWords } from "../model/exec.ts";
import type { WireRule } from "../model/wire.ts";
import { UsageError } from "../runs/errors.ts";
import { wireFile } from "./wire-file.ts";
import { isAct, milliseconds, refusedWord, type RuleWord, ruleWordOf, rulesInOrder } from "./wire-rules.ts";

/** The forms of --wire: an example of each, by the word that begins it. */
const FORMS = {
  delay: "delay=50ms",
  loss: "loss=1%",
  rate: "rate=1mbit",
  seed: "seed=7",
  drop: "drop=SYN:2",
  hold: "hold=ANSWER:1:500ms",
  repeat: "repeat=ANSWER:1",
  corrupt: "corrupt=ANSWER:1",
} as const;

const RATES = { kbit: 1e3, mbit: 1e6, gbit: 1e9 } as const;
const MOST_SEED = 0xffff_ffff;

/** What one word says: settings of the whole wire, one rule, or the rules of a file in their order. */
interface Part {
  word: string;
  settings: Omit<WireWords, "rules">;
  ruleWord?: RuleWord;
  fileRules?: WireRule[];
}

/**
 * What the wire does, from words as `delay=50ms`, `loss=1%`, `rate=1mbit`, `seed=7`, `drop=SYN:2` (wire-rules.ts has the others about single
 * segments) and `@FILE`, whose rules come after those of the words. `readFile` reads the file of a path. Throws a UsageError for what is no
 * word, and for words that contradict each other.
 */
export function wireOf(
  words: readonly string[],
  readFile: (path: string) => WireWords = wireFile,
): WireWords {
  const parts = words.map((word) => partOf(word, readFile));
  const settings = settingsOf(parts);
  if (settings.seed !== undefined && (settings.loss ?? 0) === 0)
    throw new UsageError("--wire: seed means nothing without loss. Add a word as loss=1%.");
  const rules = [
    ...rulesInOrder(parts.flatMap(({ ruleWord }) => ruleWord ?? [])),
    ...parts.flatMap(({ fileRules = [] }) => fileRules),
  ];
  const twice = rules.find(({ name }, n) => rules.findIndex((other) => other.name === name) < n);
  if (twice !== undefined)
    throw new UsageError(`--wire: two rules have the name ${JSON.stringify(twice.name)}.`);
  return rules.length === 0 ? settings : { ...settings, rules };
}

/** The settings of all words together. Each can be said once. */
function settingsOf(parts: readonly Part[]): Omit<WireWords, "rules"> {
  const saidBy = new Map<string, string>();
  for (const { word, settings } of parts) {
    for (const key of Object.keys(settings)) {
      const before = saidBy.get(key);
      if (before !== undefined)
        throw new UsageError(`--wire: ${before} and ${word} both set ${key}: leave one out.`);
      saidBy.set(key, word);
    }
  }
  return Object.assign({}, ...parts.map(({ settings }) => settings)) as Omit<WireWords, "rules">;
}

function partOf(word: string, readFile: (path: string) => WireWords): Part {
  if (word.startsWith("@")) {
    const { rules, ...settings } = readFile(word.slice(1));
    return { word, settings, ...(rules !== undefined && { fileRules: rules }) };
  }
  const [, name = "", value = ""] = /^([^=]*)=(.*)$/s.exec(word) ?? [];
  if (isAct(name)) return { word, settings: {}, ruleWord: ruleWordOf(name, value, word) };
  if (name === "delay") return { word, settings: { delayMs: bothWays(value, word) } };
  if (name === "loss") return { word, settings: { loss: fraction(value, word) } };
  if (name === "rate") return { word, settings: { bitsPerSecond: rate(value, word) } };
  if (name === "seed") return { word, settings: { seed: seed(value, word) } };
  throw unknown(word, name);
}

function bothWays(value: string, word: string): [number, number] {
  const ms = milliseconds(value);
  if (Number.isNaN(ms))
    throw refusedWord(word, "delay takes a time, as in delay=50ms or delay=2s, up to 60s.");
  return [ms, ms];
}

function fraction(value: string, word: string): number {
  const [, figure] = /^(\d{1,3}(?:\.\d{1,9})?)%$/.exec(value) ?? [];
  if (figure === undefined || Number(figure) > 100)
    throw refusedWord(word, "loss takes a percentage, as in loss=1% or loss=0.5%, up to 100%.");
  return Number(figure) / 100;
}

function rate(value: string, word: string): number {
  const [, figure, unit] = /^(\d{1,6}(?:\.\d{1,9})?)(kbit|mbit|gbit)$/.exec(value) ?? [];
  if (figure === undefined || Number(figure) === 0)
    throw refusedWord(word, "rate takes bits a second, as in rate=64kbit, rate=1mbit or rate=1gbit.");
  return Number(figure) * RATES[unit as keyof typeof RATES];
}

function seed(value: string, word: string): number {
  if (!/^\d{1,10}$/.test(value) || Number(value) > MOST_SEED)
    throw refusedWord(word, `seed takes a whole number from 0 to ${MOST_SEED}.`);
  return Number(value);
}

function unknown(word: string, name: string): UsageError {
  const near = nearest(name === "" ? word : name, Object.keys(FORMS)) as keyof typeof FORMS | undefined;
  const forms = `${Object.values(FORMS).join(", ")} and @FILE`;
  const hint = word.endsWith(".json") ? `@${word}` : near === undefined ? undefined : FORMS[near];
  const meant = hint === undefined ? "" : ` Did you mean ${hint}?`;
  return refusedWord(word, `that is no word of the wire.${meant} The words are ${forms}.`);
}
