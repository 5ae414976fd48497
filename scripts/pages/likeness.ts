/** A line of an output, taken apart so that it can be compared: its words, and its figures as they stand. */
export interface Parts {
  line: string;
  words: string[];
  figures: string[];
}

/** What two lines have in common that are the same, character by character. More than any two others can have. */
const SAME = 2;
/** An empty line is like every other one, and so says next to nothing about where it belongs. */
const BLANK = 0.1;
/** Two lines of which fewer words are the same are different lines. `TIME-WAIT` is one word, and `FIN-WAIT-1` is not `FIN-WAIT-2`. */
const LEAST_WORDS = 0.7;
/** What figures add: among lines of the same words, the one with the same figures is meant. */
const FIGURES = 0.3;

/** Takes a line apart. */
export function partsOf(line: string): Parts {
  return {
    line,
    words: line.match(/[\p{L}_][\p{L}\p{N}_-]*/gu) ?? [],
    figures: line.match(/(?<![\p{L}\p{N}_-])\d[\d.,:]*/gu) ?? [],
  };
}

/** How alike two lines are: 0 for different ones, up to 1.3 where figures differ, and 2 for the same line. */
export function likeness(a: Parts, b: Parts): number {
  if (a.line.trim() === "" || b.line.trim() === "") return a.line.trim() === b.line.trim() ? BLANK : 0;
  if (a.line === b.line) return SAME;
  const words = shared(a.words, b.words);
  return words < LEAST_WORDS ? 0 : words + FIGURES * shared(a.figures, b.figures);
}

/** How much of two lists is the same, wherever it stands: Dice's coefficient of multisets; 1 for two empty ones. */
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
