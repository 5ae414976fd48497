/** As a whole line this stands for any number of lines; within a line it stands for any text. */
const LEFT_OUT = "...";

/**
 * The first line that a page shows, but that is not in its place in the real output; null if all lines are. `...` stands for lines that are
 * left out. A figure with a decimal point matches any such figure, and blanks match any number of blanks.
 */
export function firstNotPrinted(shown: readonly string[], printed: string): string | null {
  const output = trimmed(printed.split("\n").map((line) => line.trimEnd()));
  const lines = trimmed(shown);
  let at = 0;
  let isAnywhere = false;
  for (const line of lines) {
    if (line.trim() === LEFT_OUT) {
      isAnywhere = true;
      continue;
    }
    const wanted = pattern(line);
    const found = output.findIndex((one, nth) => nth >= at && wanted.test(one));
    if (found < 0 || (found > at && !isAnywhere)) return line;
    at = found + 1;
    isAnywhere = false;
  }
  return at < output.length && !isAnywhere ? `(the end, and not: ${output[at]})` : null;
}

function pattern(line: string): RegExp {
  const parts = line.trim().split(/(\.\.\.|\d+\.\d+|\s+)/);
  const sources = parts.map((part) => {
    if (part === LEFT_OUT) return ".*";
    if (/^\d+\.\d+$/.test(part)) return "\\d+\\.\\d+";
    return /^\s+$/.test(part) ? "\\s+" : part.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
  });
  return new RegExp(`^\\s*${sources.join("")}$`);
}

/** The lines without empty lines at the beginning and the end. */
function trimmed(lines: readonly string[]): readonly string[] {
  const first = lines.findIndex((line) => line.trim() !== "");
  const last = lines.findLastIndex((line) => line.trim() !== "");
  return first < 0 ? [] : lines.slice(first, last + 1);
}
