import { likeness, partsOf } from "./likeness.ts";

/** The line of a block that stands for one or more lines left out. It can be indented. */
const LEFT_OUT = "...";

/** The cost of each line between two shown lines that have no `...` between them: such lines belong together. */
const SKIPPED = 0.01;

/** The shown part of an output. */
export interface Elision {
  lines: string[];
  /** Lines that were shown, and have no similar line in the output. */
  lost: string[];
}

/** Whether a line of a block stands for lines left out. */
export function isLeftOut(line: string): boolean {
  return line.trim() === LEFT_OUT;
}

/** Whether the shown lines are the output, whole or with `...` in place of one or more lines. */
export function isElision(shown: string[], output: string[]): boolean {
  const runs = runsOf(shown);
  let at = 0;
  for (const [nth, run] of runs.entries()) {
    const from = nth === 0 ? 0 : at + 1;
    const isLast = nth === runs.length - 1;
    const begins = isLast && nth > 0 ? Math.max(from, output.length - run.length) : from;
    const found = nth === 0 || isLast ? begins : indexOfRun(output, run, begins);
    if (found === -1 || !standsAt(output, run, found)) return false;
    at = found + run.length;
  }
  return at === output.length;
}

/**
 * Shows the same part of an output that has changed. For every shown line, in order, the most similar line of the output is shown
 * instead; a line without a similar one is lost. Lines between two shown lines are left out, with `...` in their place.
 */
export function elision(shown: string[], output: string[]): Elision {
  if (isElision(shown, output)) return { lines: shown, lost: [] };
  const places = placesOf(shown, output);
  const lost = shown.filter((line, nth) => !isLeftOut(line) && line.trim() !== "" && places[nth] === null);
  const lines: string[] = [];
  let next = 0;
  for (const place of [...places.filter((one) => one !== null), output.length]) {
    if (place > next) lines.push(LEFT_OUT);
    if (place < output.length) lines.push(output[place] ?? "");
    next = place + 1;
  }
  return { lines, lost };
}

/** The lines between one `...` and the next. */
function runsOf(shown: string[]): string[][] {
  const runs: string[][] = [[]];
  for (const line of shown) {
    if (isLeftOut(line)) runs.push([]);
    else runs.at(-1)?.push(line);
  }
  return runs;
}

function standsAt(output: string[], run: string[], at: number): boolean {
  return run.every((line, nth) => output[at + nth] === line) && at + run.length <= output.length;
}

function indexOfRun(output: string[], run: string[], from: number): number {
  for (let at = from; at + run.length <= output.length; at += 1) if (standsAt(output, run, at)) return at;
  return -1;
}

/**
 * For each shown line, in order, the index of its line in the output; null for `...` and for a line without a similar one. Of all
 * possible placements, it is the one with the greatest sum of likeness (the alignment of Needleman and Wunsch, with `...` as a gap
 * without cost).
 */
function placesOf(shown: string[], output: string[]): (number | null)[] {
  // The lines before the first shown line are a gap too.
  const items = [LEFT_OUT, ...shown].map(partsOf);
  const lines = output.map(partsOf);
  const wide = lines.length + 1;
  // best[i * wide + j]: the greatest likeness of the items from i on and the lines from j on.
  const best = new Float64Array((items.length + 1) * wide);
  const value = (i: number, j: number): number => best[i * wide + j] ?? 0;
  const like = (i: number, j: number): number => {
    const [item, line] = [items[i], lines[j]];
    return item === undefined || line === undefined ? 0 : likeness(item, line);
  };
  const isGap = (i: number): boolean => isLeftOut(items[i]?.line ?? "");
  const skipped = (i: number, j: number): number => value(i, j + 1) - (isGap(i) ? 0 : SKIPPED);
  for (let i = items.length - 1; i >= 0; i -= 1)
    for (let j = lines.length - 1; j >= 0; j -= 1) {
      const alike = isGap(i) ? 0 : like(i, j);
      const placed = alike > 0 ? alike + value(i + 1, j + 1) : 0;
      best[i * wide + j] = Math.max(value(i + 1, j), placed, skipped(i, j));
    }
  const places: (number | null)[] = items.map(() => null);
  for (let i = 0, j = 0; i < items.length && j < lines.length;) {
    const alike = isGap(i) ? 0 : like(i, j);
    if (alike > 0 && value(i, j) === alike + value(i + 1, j + 1)) {
      places[i] = j;
      [i, j] = [i + 1, j + 1];
    } else if (value(i, j) === value(i + 1, j)) i += 1;
    else j += 1;
  }
  return places.slice(1);
}
