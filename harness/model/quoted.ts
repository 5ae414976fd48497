/** How many of the first and of the last lines are quoted, and how much of each line. */
const FIRST = 4;
const LAST = 2;
const LINE_LENGTH = 160;

/** How many lines that name an error are quoted from between, each with the line below it. */
const NAMED = 2;
/** A line that begins with an error's name, as Node, Python, Java and Go print it, or as a kernel's or a library's message does. */
const NAMES_ERROR = /^\s*(?:[\w.]*(?:Error|Exception)\b|panic:|fatal\b|error\b)/i;

/**
 * What a program printed, in one line: the first lines, in which Node shows where an error was thrown, the lines that name an error, and the last
 * lines. Empty lines are left out, and " ... " stands for what is not quoted.
 */
export function quotedLines(lines: readonly string[]): string {
  const printed = lines.filter((line) => line.trim() !== "");
  const named = printed
    .flatMap((line, nth) => (NAMES_ERROR.test(line) ? [nth, nth + 1] : []))
    .slice(0, 2 * NAMED);
  const isQuoted = (nth: number): boolean =>
    nth < FIRST || nth >= printed.length - LAST || named.includes(nth);
  const quoted = printed.flatMap((line, nth) =>
    isQuoted(nth) ? [{ line: line.slice(0, LINE_LENGTH), nth }] : [],
  );
  return quoted
    .map(({ line, nth }, place) => {
      const before = quoted[place - 1];
      if (before === undefined) return line;
      return `${before.nth === nth - 1 ? " | " : " | ... | "}${line}`;
    })
    .join("");
}

/**
 * What a program printed beside its reports, as the end of a sentence that says why it failed: `it printed: no such file`. Where that sentence
 * is about what it printed, there is nothing else.
 */
export function printedBeside(because: string, lines: readonly string[]): string {
  const quoted = quotedLines(lines);
  if (quoted !== "") return `it printed: ${quoted}`;
  return /^printed\b/.test(because) ? "it printed nothing else" : "it printed no message";
}
