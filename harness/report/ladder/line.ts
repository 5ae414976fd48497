import type { Palette } from "../palette.ts";
import { wrap } from "../wrap.ts";
import { drawArrow } from "./arrow.ts";
import { lasting } from "./label.ts";
import type { Row } from "./row.ts";
import type { Step, Tone } from "./step.ts";

const TIME_COLUMNS = 10;
/** As long as the longest state, `SYN-RECEIVED`. */
const END_COLUMNS = 12;
/** Two spaces after the time, the lines of the two ends, and a space on their outer sides. */
const BETWEEN_COLUMNS = 6;
/** A pause of this length or more has its own line. */
const LONG_US = 100_000;
/** A ladder with more rows is shown without its middle. */
const MOST_ROWS = { first: 300, last: 100 };

/** The width between the two ends, and the colours. */
export interface Layout {
  wire: number;
  paint: Palette;
}

/** The layout of a ladder with this many columns. */
export function layoutOf(columns: number, paint: Palette): Layout {
  return { wire: columns - TIME_COLUMNS - 2 * END_COLUMNS - BETWEEN_COLUMNS, paint };
}

/** The heads of the columns. */
export function headLine(left: string, right: string, { wire, paint }: Layout): string {
  return paint.heading(columnsOf("ms", left, " ".repeat(wire + 2), right).trimEnd());
}

/** The rows as lines of text, with the time since an origin. A very long ladder is shown without its middle. */
export function ladderLines(rows: Row[], originUs: number, layout: Layout): string[] {
  const left = rows.length - MOST_ROWS.first - MOST_ROWS.last;
  if (left <= 0) return linesOf(rows, originUs, layout);
  return [
    ...linesOf(rows.slice(0, MOST_ROWS.first), originUs, layout),
    rung("⋮", `${left} lines are left out`, " ", layout),
    ...linesOf(rows.slice(-MOST_ROWS.last), originUs, layout),
  ];
}

function linesOf(rows: Row[], originUs: number, layout: Layout): string[] {
  let lastUs: number | null = null;
  return rows.flatMap((row) => {
    const sinceUs: number = row.atUs === null || lastUs === null ? 0 : row.atUs - lastUs;
    lastUs = row.atUs ?? lastUs;
    const gap = sinceUs >= LONG_US ? [rung("⋮", `${lasting(sinceUs)} later`, " ", layout)] : [];
    return [...gap, ...rowLines(row, originUs, layout)];
  });
}

function rowLines(row: Row, originUs: number, layout: Layout): string[] {
  const time = row.atUs === null ? "" : ((row.atUs - originUs) / 1000).toFixed(3);
  if (row.event !== null) return [rung(time, row.event, "═", layout)];
  const sides = [row.states[0] ?? row.calls[0] ?? "", row.states[1] ?? row.calls[1] ?? ""] as const;
  return row.step === null ? [sideLine(time, sides, layout)] : stepLines(row.step, time, sides, layout);
}

function stepLines(
  step: Step,
  time: string,
  [left, right]: readonly [string, string],
  layout: Layout,
): string[] {
  const { wire, paint } = layout;
  const { line, below } = drawArrow(step.way, step.stage, step, wire);
  const under = wrap(below ?? "", wire - 6)
    .flatMap((text) => pieces(text, wire - 6))
    .map((text) => (step.way === "right" ? `   ${text}`.padEnd(wire) : `${text}   `.padStart(wire)));
  return [
    lineOf(time, left, toned(line, step.tone, paint), right, paint),
    ...under.map((text) => lineOf("", "", toned(text, step.tone, paint), "", paint)),
  ];
}

/** Breaks a word that is longer than a line, because the lines of the two ends must stay straight. */
function pieces(text: string, most: number): string[] {
  return Array.from({ length: Math.ceil(text.length / most) }, (_, n) =>
    text.slice(n * most, (n + 1) * most),
  );
}

/** An event at one end only. A text that is longer than its column extends over the wire, which is empty in that line. */
function sideLine(time: string, [left, right]: readonly [string, string], { wire, paint }: Layout): string {
  if (left.length > END_COLUMNS)
    return lineOf(time, "", ` ${left}`.slice(0, wire).padEnd(wire), right, paint);
  if (right.length > END_COLUMNS)
    return lineOf(time, left, `${right} `.slice(-wire).padStart(wire), "", paint);
  return lineOf(time, left, " ".repeat(wire), right, paint);
}

/** A line across the ladder that is not a segment: an intervention, a pause, or rows that are left out. */
function rung(time: string, text: string, line: string, { wire, paint }: Layout): string {
  const words = ` ${text.slice(0, wire - 6)} `;
  const before = Math.floor((wire - words.length) / 2);
  const across = `${line.repeat(before)}${words}${line.repeat(wire - before - words.length)}`;
  return lineOf(time, "", paint.quiet(across), "", paint);
}

function toned(line: string, tone: Tone, paint: Palette): string {
  if (tone === "stopped") return paint.outcome.refuted(line);
  return tone === "changed" ? paint.outcome.inconclusive(line) : line;
}

function lineOf(time: string, left: string, wire: string, right: string, paint: Palette): string {
  return columnsOf(paint.quiet(time.padStart(TIME_COLUMNS)), left, `│${wire}│`, right).trimEnd();
}

function columnsOf(time: string, left: string, middle: string, right: string): string {
  return `${time.padStart(TIME_COLUMNS)}  ${left.padStart(END_COLUMNS)} ${middle} ${right}`;
}
