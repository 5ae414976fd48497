import { type Finding, type Outcome, worst } from "../model/verdict.ts";
import type { Experiment, Variant } from "../model/experiment.ts";
import type { Language } from "../model/text.ts";
import { counterSection } from "./counter-rows.ts";
import { latencySection, outcomeSection } from "./latency-rows.ts";
import { MARKS, palette, type Palette } from "./palette.ts";
import { pressureLine } from "./pressure-line.ts";
import { byVariant, type ExperimentResult, type VariantResult } from "./result.ts";
import { socketSection } from "./socket-rows.ts";
import { plainTable, sectionedTable } from "./table.ts";
import { findingIn, summaryIn, VERDICT_WORDS, type VerdictWords } from "./verdict-words.ts";
import { fits, wrap } from "./wrap.ts";

export interface ReportOptions {
  colour: boolean;
  /** The width of the terminal; more than 100 is not used. */
  columns: number;
  /** Shows all counters that moved, the reason of every finding, and how busy the machine was. */
  verbose?: boolean;
  /** Shows how busy the machine was, without the rest of `verbose`. */
  pressure?: boolean;
  /** The language of claims and findings, if they are written in it; English by default. Figures have the kernel's names in both. */
  language?: Language;
}

const MOST_COLUMNS = 100;

/**
 * An experiment's results as text: its question, what was observed with the variants side by side, and each variant's verdict with the
 * claim and the observation of every finding. Lines have no trailing spaces, and all but paths fit the columns.
 */
export function reportExperiment(
  experiment: Experiment,
  results: VariantResult[],
  options: ReportOptions,
): string {
  const columns = width(options);
  const paint = palette(options.colour);
  const variants = [...byVariant(results)];
  const verdicts = variants.flatMap(([name, trials]) => [
    "",
    ...verdictLines(experiment, name, trials, options),
  ]);
  return [
    "",
    ...wrap(`${experiment.id}: ${experiment.title}`, columns).map((line) => paint.title(line)),
    ...wrap(experiment.question, columns),
    ...seen(variants, options, columns, paint),
    ...verdicts,
  ].join("\n");
}

/**
 * A table with a line for each variant of each experiment, and a sentence that counts them. Where such lines do not fit, each variant has
 * two.
 */
export function reportSummary(groups: ExperimentResult[], options: ReportOptions): string {
  const paint = palette(options.colour);
  const words = wordsOf(options);
  const variants = groups.flatMap(({ experiment, results }) =>
    [...byVariant(results)].map(([name, trials]) => ({
      id: experiment.id,
      name,
      trials,
      outcome: outcomeOf(trials),
    })),
  );
  const rows = variants.map(({ id, name, trials, outcome }, nth) => [
    variants[nth - 1]?.id === id ? "" : id,
    name,
    paint.outcome[outcome](`${MARKS[outcome]} ${words.outcome[outcome]}`),
    tally(trials, words),
    `${trials.reduce((sum, trial) => sum + (trial.seconds ?? 0), 0).toFixed(1)} s`,
  ]);
  const head = words.columns.map((text) => paint.heading(text));
  const wide = plainTable([head, ...rows], ["left", "left", "left", "left", "right"]);
  const narrow = rows.flatMap(([, , ...cells], nth) => [
    `${variants[nth]?.id}/${variants[nth]?.name}`,
    `  ${cells.join("  ")}`,
  ]);
  const table = fits(wide, width(options)) ? wide : narrow;
  return [
    "",
    ...(variants.length === 0 ? [] : table),
    "",
    conclusion(
      variants.map(({ outcome }) => outcome),
      words,
      paint,
    ),
  ].join("\n");
}

function width({ columns }: ReportOptions): number {
  return Math.min(MOST_COLUMNS, columns);
}

/** If a variant was repeated, the figures of its first recording are shown. */
function seen(
  variants: [string, VariantResult[]][],
  options: ReportOptions,
  columns: number,
  paint: Palette,
): string[] {
  const recordings = variants.map(
    ([, trials]) => trials.find((trial) => trial.recording !== null)?.recording ?? null,
  );
  if (recordings.every((recording) => recording === null)) return [];
  const claims = variants.flatMap(([, trials]) =>
    trials.flatMap(({ verdict }) => verdict.findings.map(({ claim }) => claim)),
  );
  const sections = [
    socketSection(recordings),
    counterSection(recordings, claims, options.verbose === true),
    latencySection(recordings),
    outcomeSection(recordings),
  ];
  const lines = sectionedTable(
    variants.map(([name]) => name),
    sections,
    columns - 2,
    paint.heading,
  );
  const most = Math.max(...variants.map(([, trials]) => trials.length));
  const note = most > 1 ? [paint.quiet(`  ${wordsOf(options).repetitions(most)}`)] : [];
  return ["", ...lines.map((line) => (line === "" ? "" : `  ${line}`)), ...note];
}

function verdictLines(
  experiment: Experiment,
  name: string,
  trials: VariantResult[],
  options: ReportOptions,
): string[] {
  const paint = palette(options.colour);
  const variants: Record<string, Variant> = experiment.variants;
  const [words, language] = [wordsOf(options), options.language ?? "en"];
  const summary = summaryIn(language, `${experiment.id}/${name}`, variants[name]?.summary ?? "");
  const outcome = outcomeOf(trials);
  const more = trials.length > 1 ? `, ${tally(trials, words)}` : "";
  const head = `${paint.title(name)}: ${paint.outcome[outcome](words.outcome[outcome])}${more}`;
  const told =
    trials.length === 1 ? trials : [worstOf(trials, outcome)].filter((trial) => trial !== undefined);
  return [
    head,
    ...wrap(summary, width(options), "  "),
    ...told.flatMap((trial) => [
      ...trial.verdict.findings.flatMap((finding) => findingLines(finding, options, paint)),
      ...pressureLines(trial, options).map((line) => paint.quiet(line)),
      ...(trial.path === null ? [] : [paint.quiet(`  ${words.recordedIn(trial.path)}`)]),
    ]),
  ];
}

function pressureLines({ recording }: VariantResult, options: ReportOptions): string[] {
  const isWanted = options.verbose === true || options.pressure === true;
  const line = recording === null || !isWanted ? null : pressureLine(recording);
  return line === null ? [] : wrap(line, width(options), "  ");
}

function findingLines(found: Finding, options: ReportOptions, paint: Palette): string[] {
  const columns = width(options);
  const finding = findingIn(options.language ?? "en", found);
  const [first = "", ...rest] = wrap(finding.claim, columns, "    ");
  const mark = paint.outcome[finding.outcome](MARKS[finding.outcome]);
  const told = options.verbose === true || finding.outcome !== "confirmed";
  const because =
    told && finding.because !== "" ? wrap(wordsOf(options).because(finding.because), columns, "      ") : [];
  return [
    `  ${mark} ${first.trimStart()}`,
    ...rest,
    ...[...wrap(finding.observed, columns, "      "), ...because].map((line) => paint.quiet(line)),
  ];
}

function outcomeOf(trials: VariantResult[]): Outcome {
  return worst(trials.map(({ verdict }) => verdict.outcome));
}

/** The trial that best explains an outcome: the first that has it. */
function worstOf(trials: VariantResult[], outcome: Outcome): VariantResult | undefined {
  return trials.find(({ verdict }) => verdict.outcome === outcome);
}

/** For one trial, how many of its claims hold; for several, how many trials were confirmed. */
function tally(trials: VariantResult[], words: VerdictWords): string {
  const [only] = trials;
  const again = trials.reduce((sum, trial) => sum + (trial.again ?? 0), 0);
  const note = again === 0 ? "" : words.again(again);
  const [outcomes, said] =
    only !== undefined && trials.length === 1
      ? [only.verdict.findings.map((one) => one.outcome), words.claims]
      : [trials.map(({ verdict }) => verdict.outcome), words.times];
  return `${said(outcomes.filter((outcome) => outcome === "confirmed").length, outcomes.length)}${note}`;
}

function wordsOf({ language = "en" }: ReportOptions): VerdictWords {
  return VERDICT_WORDS[language];
}

function conclusion(outcomes: Outcome[], words: VerdictWords, paint: Palette): string {
  if (outcomes.length === 0) return paint.outcome.inconclusive(words.nothing);
  const counts = (["confirmed", "refuted", "inconclusive"] as const)
    .map((outcome) => ({ outcome, count: outcomes.filter((one) => one === outcome).length }))
    .filter(({ count }) => count > 0)
    .map(({ outcome, count }) => paint.outcome[outcome](`${count} ${words.outcome[outcome]}`));
  return `${words.variants(outcomes.length)}${counts.join(", ")}`;
}
