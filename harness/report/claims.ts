import wrapAnsi from "wrap-ansi";
import {
  AREAS,
  type ClaimResult,
  type ClaimVerdict,
  type Met,
  type Settled,
  type Statement,
} from "../claims/claim.ts";
import { rankOf } from "../claims/rank.ts";
import { countOf } from "../model/count.ts";
import type { Language, Text } from "../model/text.ts";
import { palette, type Palette } from "./palette.ts";
import type { Recording } from "../model/recording.ts";
import type { Recorded } from "../claims/settle.ts";
import { type Shown, shownOf } from "./claim-looks.ts";
import { hasLadder, ladder } from "./ladder.ts";
import { socketSection } from "./socket-rows.ts";
import { plainTable, sectionedTable } from "./table.ts";

/** A claim of the documents, and its verdict. */
export interface ClaimRow {
  statement: Statement;
  result: ClaimResult;
}

export interface ClaimsOptions {
  colour: boolean;
  columns: number;
  language: Language;
}

const MOST_COLUMNS = 100;
/** The indent of the lines below a claim's own line. */
const INDENT = "       ";

/** The verdict on a claim. If it holds with limits, `met` says whether the limits are everyday ones. */
export type Told = Pick<ClaimResult, "verdict" | "met">;

const VERDICT_WORDS: Record<ClaimVerdict, Text> = {
  holds: { en: "holds", zh: "成立" },
  "holds-with-limits": { en: "holds with limits", zh: "有条件成立" },
  refuted: { en: "refuted", zh: "不成立" },
  obsolete: { en: "obsolete", zh: "已过时" },
  "not-testable": { en: "not testable", zh: "无法验证" },
  inconclusive: { en: "inconclusive", zh: "无法判断" },
};
const MET_WORDS: Record<Met, Text> = {
  everyday: { en: "holds with everyday limits", zh: "有条件成立（平时就会遇到）" },
  rare: { en: "holds with rare limits", zh: "有条件成立（很少遇到）" },
};

/** A claim's verdict for a reader. */
export function verdictInWords({ verdict, met }: Told, language: Language): string {
  return (met === undefined ? VERDICT_WORDS[verdict] : MET_WORDS[met])[language];
}

/** Claims in the order in which they are printed: by area, and in each area first those that mislead in practice. */
export function inOrder(rows: ClaimRow[]): ClaimRow[] {
  const areas = Object.keys(AREAS);
  return rows.toSorted(
    (a, b) =>
      areas.indexOf(a.statement.area) - areas.indexOf(b.statement.area) ||
      rankOf(a.result) - rankOf(b.result),
  );
}

/** All claims by area, first those that mislead in practice, each with verdict, observation and reason; then a count of verdicts. */
export function reportClaims(rows: ClaimRow[], kernel: string, options: ClaimsOptions): string {
  const paint = palette(options.colour);
  const areas = [...new Set(rows.map(({ statement }) => statement.area))];
  const idColumns = Math.max(0, ...rows.map(({ statement }) => statement.id.length)) + 2;
  const lines = areas.flatMap((area) => [
    "",
    paint.title(AREAS[area][options.language]),
    ...inOrder(rows)
      .filter(({ statement }) => statement.area === area)
      .flatMap((row) => rowLines(row, idColumns, options, paint)),
  ]);
  return [...lines, "", ...countLines(rows, kernel, options, paint)].join("\n");
}

/**
 * One claim with everything that was tried for it. Of the circumstances to look at (`shownOf`) the packets of the connection are shown as
 * a ladder, or, if no wire carried any, the sockets by state. With `connection`, another connection of the first of them is shown.
 */
export function reportClaim(
  { statement, result }: ClaimRow,
  recorded: Recorded,
  options: ClaimsOptions & { connection?: number },
): string {
  const paint = palette(options.colour);
  const { language } = options;
  const words = WORDS[language];
  const [id = "", variant = ""] = result.experiment.split("/");
  return [
    `${paint.title(statement.id)}  ${painted(result, verdictInWords(result, language), paint)}`,
    ...(language === "en" ? folded(statement.statement, "  ", options) : []),
    ...folded(`${words.says(documentsInWords(statement))}${statement.phrase}`, "  ", options),
    "",
    ...folded(result.because[language], "  ", options),
    ...circumstanceLines(words.own, result.under, options, paint),
    ...circumstanceLines(words.beyond, result.beyond, options, paint),
    ...shownLines(shownOf(result, recorded), options, paint),
    "",
    `  lastack run ${id} --variant ${variant}`,
    "",
  ].join("\n");
}

const WORDS = {
  en: {
    says: (documents: string) => `${documents}: `,
    own: "under its own conditions",
    beyond: "under conditions that it does not exclude",
    colon: ": ",
  },
  zh: {
    says: (documents: string) => `${documents.replace(/documents? /, "文档 ").replace(" and ", "、")}：`,
    own: "在它自己的条件下",
    beyond: "在它没有排除的条件下",
    colon: "：",
  },
};

/** `document 3`, `documents 1, 2 and 4`. */
export function documentsInWords({ documents }: Statement): string {
  const last = documents.at(-1);
  if (documents.length === 1) return `document ${last}`;
  return `documents ${documents.slice(0, -1).join(", ")} and ${last}`;
}

/** A heading for each circumstance, and its recording in lines. */
function shownLines(
  all: Shown[],
  { connection, ...options }: ClaimsOptions & { connection?: number },
  paint: Palette,
): string[] {
  const chosen = connection === undefined ? all : all.slice(0, 1);
  return chosen.flatMap(({ settled, recording, which }) => [
    "",
    ...folded(`${mark(settled.holds, paint)} ${settled.where[options.language]}`, "", options),
    ...recordingLines(recording, connection === undefined ? which : { ...which, connection }, options, paint),
  ]);
}

/** The recording in lines: a ladder, or sockets by state. */
function recordingLines(
  recording: Recording,
  which: Shown["which"],
  options: ClaimsOptions,
  paint: Palette,
): string[] {
  const { columns, colour } = options;
  if (hasLadder(recording, {})) return [ladder(recording, { ...which, columns, colour })];
  const { variant } = recording.header;
  const lines = sectionedTable([variant], [socketSection([recording])], columns - 2, paint.heading);
  return lines.map((line) => `  ${line}`);
}

function circumstanceLines(
  heading: string,
  settled: Settled[],
  options: ClaimsOptions,
  paint: Palette,
): string[] {
  if (settled.length === 0) return [];
  const { language } = options;
  const lines = settled.flatMap(({ where, in: trials, holds, observed }) => [
    ...folded(
      `${mark(holds, paint)} ${where[language]}${WORDS[language].colon}${observed[language]}`,
      "  ",
      options,
    ),
    ...folded(paint.quiet(trials.join(", ")), "    ", options),
  ]);
  return ["", paint.heading(heading), ...lines];
}

function rowLines(
  { statement, result }: ClaimRow,
  idColumns: number,
  options: ClaimsOptions,
  paint: Palette,
): string[] {
  const { language } = options;
  const verdict = painted(result, verdictInWords(result, language), paint);
  const said = language === "zh" ? statement.phrase : statement.statement;
  return [
    ...folded(`${statement.id.padEnd(idColumns)}${verdict}  ${said}`, "  ", options),
    ...folded(result.observed[language], INDENT, options),
    ...folded(paint.quiet(result.because[language]), INDENT, options),
  ];
}

/** How many claims have each verdict, and how many there are. */
export function countLines(
  rows: ClaimRow[],
  kernel: string,
  options: ClaimsOptions,
  paint: Palette,
): string[] {
  const { language } = options;
  const counted = countsOf(rows).map(({ told, count }) => [
    painted(told, verdictInWords(told, language), paint),
    String(count),
  ]);
  const total = {
    en: `${countOf(rows.length, "claim")} on Linux ${kernel}`,
    zh: `Linux ${kernel} 上的 ${rows.length} 条说法`,
  };
  return [...plainTable(counted, ["left", "right"]), ...folded(total[language], "", options)];
}

/** How many claims have each verdict, first those that mislead in practice. */
export function countsOf(rows: ClaimRow[]): { told: Told; count: number }[] {
  const found = new Map<number, { told: Told; count: number }>();
  for (const { result } of rows) {
    const rank = rankOf(result);
    found.set(rank, { told: result, count: (found.get(rank)?.count ?? 0) + 1 });
  }
  return [...found].toSorted(([a], [b]) => a - b).map(([, counted]) => counted);
}

/** Words in the colour of a verdict. */
export function painted(told: Told, words: string, paint: Palette): string {
  const colours = {
    holds: paint.outcome.confirmed,
    "holds-with-limits": paint.outcome.inconclusive,
    refuted: paint.outcome.refuted,
    obsolete: paint.outcome.refuted,
    "not-testable": paint.quiet,
    inconclusive: paint.outcome.inconclusive,
  };
  return colours[told.verdict](words);
}

function mark(holds: boolean | null, paint: Palette): string {
  if (holds === null) return paint.outcome.inconclusive("?");
  return holds ? paint.outcome.confirmed("✓") : paint.outcome.refuted("✗");
}

/** Chinese has no spaces to break at, and its characters are two columns wide. */
function folded(text: string, indent: string, { columns }: ClaimsOptions): string[] {
  const width = Math.min(columns, MOST_COLUMNS) - indent.length;
  return wrapAnsi(text, width, { hard: true })
    .split("\n")
    .map((line) => `${indent}${line}`.trimEnd());
}
