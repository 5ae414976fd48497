/** The parts of an output's line that are compared: its words, and its figures as they are written. */
export interface Parts {
  line: string;
  words: string[];
  figures: string[];
}

/** The likeness of two identical lines. It is greater than that of any other two lines. */
const SAME = 2;
/** The likeness of two empty lines. It is small, because empty lines are everywhere and show little about their place. */
const BLANK = 0.1;
/** Lines with a smaller share of common words are different lines. `TIME-WAIT` is one word, and `FIN-WAIT-1` is not `FIN-WAIT-2`. */
const LEAST_WORDS = 0.7;
/** The most that equal figures add. Among lines with the same words, the one with the same figures is chosen. */
const FIGURES = 0.3;

/** Splits a line into its parts. */
export function partsOf(line: string): Parts {
  return {
    line,
    words: line.match(/[\p{L}_][\p{L}\p{N}_-]*/gu) ?? [],
    figures: line.match(/(?<![\p{L}\p{N}_-])\d[\d.,:]*/gu) ?? [],
  };
}

/** How similar two lines are: 0 for different lines, up to 1.3 if figures differ, and 2 for the same line. */
export function likeness(a: Parts, b: Parts): number {
  if (a.line.trim() === "" || b.line.trim() === "") return a.line.trim() === b.line.trim() ? BLANK : 0;
  if (a.line === b.line) return SAME;
  const words = shared(a.words, b.words);
  return words < LEAST_WORDS ? 0 : words + FIGURES * shared(a.figures, b.figures);
}

/** The share of common items of two lists, in any order: Dice's coefficient of multisets; 1 for two empty lists. */
function shared(a: string[], b: string[]): number {
  if (a.length + b.length === 0) return 1;
  const left = [...b];
  let common = 0;
  for (const one of a) {
    const at = left.indexOf(one);
    if (at === -1) continue;
    left.splice(at, 1);
    common += 1;
  }
  return (2 * common) / (a.length + b.length);
}
