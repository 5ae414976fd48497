import type { CheckDocument, ProbeDocument } from "../check/document.ts";
import { type Grade, GRADES } from "../model/probe.ts";
import type { Language } from "../model/text.ts";
import { CHECK_WORDS, type CheckWords } from "./check-words.ts";
import { palette } from "./palette.ts";
import { foldedCommand } from "./folded-command.ts";
import { wrap } from "./wrap.ts";

export interface CheckReportOptions {
  colour: boolean;
  columns: number;
  /** The width of a table's row; without a terminal it has no limit. */
  rowColumns: number;
  /** Shows every claim of every probe. */
  verbose: boolean;
  language: Language;
}

/** The mark of a grade: the marks must differ without colour, too. */
const MARKS: Record<Grade, string> = {
  pass: "✓",
  informational: "i",
  skip: "-",
  warn: "!",
  inconclusive: "?",
  fail: "✗",
};
const GAP = "  ";
/** The least width of a table's last column. Where less is left, each row is a block. */
const LEAST_TITLE = 24;

/** Paints a text in the colour of a grade. */
type Paint = (grade: Grade, text: string) => string;

interface Looks extends CheckReportOptions {
  words: CheckWords;
  paint: Paint;
  quiet: (text: string) => string;
  heading: (text: string) => string;
}

/**
 * A check as text: a table of its probes; below it what was expected and observed of each probe that did not pass, what was observed where
 * more than one answer is right, and the reasons of what was skipped; and a sentence that counts the grades. Lines fit the columns, but
 * paths.
 */
export function reportCheck(check: CheckDocument, options: CheckReportOptions): string {
  const looks = looksOf(options);
  const { words, heading, verbose } = looks;
  const titled = (text: string): string[] => wrap(text, looks.columns).map(heading);
  const of = (...grades: Grade[]): ProbeDocument[] =>
    check.probes.filter(({ outcome }) => grades.includes(outcome));
  const [plain, skipped] = [of("informational"), of("skip")];
  const detailed = verbose
    ? check.probes.filter(({ outcome }) => outcome !== "skip")
    : of("fail", "warn", "inconclusive");
  return [
    "",
    ...(check.probes.length === 0 ? [] : tableOf(check.probes, looks)),
    ...detailed.flatMap((probe) => ["", ...detailsOf(probe, looks)]),
    ...(verbose || plain.length === 0
      ? []
      : ["", ...titled(words.whatItDoes), ...plain.flatMap((probe) => lineOf(probe, looks))]),
    ...(skipped.length === 0
      ? []
      : ["", ...titled(words.notMade), ...skipped.flatMap((probe) => lineOf(probe, looks))]),
    "",
    ...wrap(conclusion(check, looks), looks.columns),
  ].join("\n");
}

/** The probes that failed in the check before, each with FIXED or FAILED, and the details of those that are not fixed. */
export function reportReplay(
  check: CheckDocument,
  isFixed: (probe: ProbeDocument) => boolean | null,
  options: CheckReportOptions,
): string {
  const looks = looksOf(options);
  const { words, paint, verbose } = looks;
  const width = Math.max(0, ...check.probes.map(({ id }) => id.length));
  const lines = check.probes.map((probe) => {
    const fixed = isFixed(probe);
    const word = { true: words.fixed, false: words.failed, null: words.undecided }[String(fixed)] ?? "";
    return `${probe.id.padEnd(width)}${GAP}${paint(fixed === true ? "pass" : probe.outcome, word)}`;
  });
  const shown = check.probes.filter((probe) => verbose || isFixed(probe) !== true);
  const left = check.probes.filter((probe) => isFixed(probe) !== true).length + check.notRun.length;
  const all = check.probes.length + check.notRun.length;
  return [
    "",
    ...lines,
    ...shown.flatMap((probe) => ["", ...detailsOf(probe, looks)]),
    "",
    ...wrap(words.stillFail(left, all), looks.columns),
  ].join("\n");
}

/** The probes that there are, a line each. */
export function listProbes(
  probes: readonly { id: string; title: string }[],
  { columns }: { columns: number },
): string {
  const width = Math.max(0, ...probes.map(({ id }) => id.length)) + GAP.length;
  return probes.flatMap(({ id, title }) => besides([id.padEnd(width)], width, title, columns)).join("\n");
}

function looksOf(options: CheckReportOptions): Looks {
  const { outcome, quiet, heading } = palette(options.colour);
  const paint: Paint = (grade, text) => {
    if (grade === "pass") return outcome.confirmed(text);
    if (grade === "fail") return outcome.refuted(text);
    return grade === "warn" || grade === "inconclusive" ? outcome.inconclusive(text) : text;
  };
  return { ...options, paint, quiet, heading, words: CHECK_WORDS[options.language] };
}

function tableOf(probes: readonly ProbeDocument[], looks: Looks): string[] {
  const { words, paint, heading, rowColumns } = looks;
  const [first, second, third] = words.columns;
  const idWidth = Math.max(first.length, ...probes.map(({ id }) => id.length)) + GAP.length;
  const gradeOf = (grade: Grade): string => `${MARKS[grade]} ${words.grade[grade]}`;
  const gradeWidth =
    Math.max(...[second, ...probes.map(({ outcome }) => gradeOf(outcome))].map(widthOf)) + GAP.length;
  const before = idWidth + gradeWidth;
  if (rowColumns - before < LEAST_TITLE)
    return probes.flatMap(({ id, outcome, title }) => [
      id,
      ...besides(
        [GAP, paint(outcome, padded(gradeOf(outcome), gradeWidth))],
        GAP.length + gradeWidth,
        title,
        rowColumns,
      ),
    ]);
  const head = `${padded(first, idWidth)}${padded(second, gradeWidth)}${third}`;
  return [
    heading(head),
    ...probes.flatMap(({ id, outcome, title }) =>
      besides(
        [id.padEnd(idWidth), paint(outcome, padded(gradeOf(outcome), gradeWidth))],
        before,
        title,
        rowColumns,
      ),
    ),
  ];
}

/** A text beside what stands before it, which is so wide; where it does not fit the rest of the line, in lines below each other. */
function besides(before: string[], width: number, text: string, columns: number): string[] {
  const isNarrow = columns - width < LEAST_TITLE / 2;
  const indent = " ".repeat(isNarrow ? 2 * GAP.length : width);
  const [first = "", ...rest] = wrap(text, columns, indent);
  const start = before.join("");
  return isNarrow ? [start.trimEnd(), first, ...rest] : [`${start}${first.trimStart()}`, ...rest];
}

/** How many columns a text needs: a Chinese character is two wide. */
function widthOf(text: string): number {
  return text.length + (text.match(/\p{Script=Han}/gu)?.length ?? 0);
}

function padded(text: string, width: number): string {
  return `${text}${" ".repeat(Math.max(0, width - widthOf(text)))}`;
}

function detailsOf(probe: ProbeDocument, looks: Looks): string[] {
  const { words, paint, quiet, verbose, columns, rowColumns } = looks;
  const told: readonly Grade[] = ["fail", "warn", "inconclusive"];
  const shown = probe.claims.filter(({ outcome }) => verbose || told.includes(outcome));
  const label = Math.max(widthOf(words.expected), widthOf(words.observed)) + 1;
  const labelled = (name: string, text: string): string[] =>
    besides([GAP + GAP, padded(name, label)], 2 * GAP.length + label, text, columns);
  return [
    ...wrap(`${MARKS[probe.outcome]} ${probe.id}: ${words.grade[probe.outcome]}`, columns).map((line) =>
      paint(probe.outcome, line),
    ),
    ...wrap(sentence(probe.claim), columns, GAP),
    ...wrap(words.because(probe.because), columns, GAP).map(quiet),
    ...shown.flatMap((claim) => [
      ...labelled(words.expected, claim.expected),
      ...labelled(words.observed, claim.observed).map((line) =>
        claim.outcome === "pass" ? line : paint(claim.outcome, line),
      ),
      ...wrap(words.because(claim.because), columns, GAP.repeat(3)).map(quiet),
    ]),
    ...wrap(words.explained(probe.mode), columns, GAP),
    ...(probe.recording === null ? [] : wrap(words.recordedIn(probe.recording), columns, GAP).map(quiet)),
    `${GAP}${words.again}`,
    ...foldedCommand(probe.reproduce, rowColumns, 2 * GAP.length),
  ];
}

/** A probe whose grade is no judgement, in a line: what was observed, or why it was skipped. */
function lineOf({ id, outcome, observed, claims }: ProbeDocument, { columns }: Looks): string[] {
  const told = claims.filter((claim) => claim.outcome === outcome);
  const text =
    told.length === 0 ? observed : told.map((claim) => `${claim.expected}: ${claim.observed}`).join("; ");
  return wrap(`${id}: ${text}`, columns, GAP).map((line, nth) => (nth === 0 ? line : `${GAP}${line}`));
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}

function conclusion({ probes, decided, notRun }: CheckDocument, { words, paint }: Looks): string {
  const counts = GRADES.toReversed()
    .map((grade) => ({ grade, count: probes.filter(({ outcome }) => outcome === grade).length }))
    .filter(({ count }) => count > 0)
    .map(({ grade, count }) => paint(grade, `${count} ${words.grade[grade]}`));
  const left = notRun.length === 0 ? [] : [words.notRun(notRun.length)];
  if (decided === 0) return [words.none, ...counts, ...left].join(", ");
  return `${words.probes(probes.length, decided)}${[...counts, ...left].join(", ")}`;
}
