/** A line that stands for any number of lines, and, within a line, for whatever stands there. */
const LEFT_OUT = "...";

/**
 * The first line of what a page shows of an output that the output does not have in its place, and null when it has all of it. Lines that are
 * left out are shown as `...`; a figure with a decimal point stands for any, and one or more blanks for others.
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

/** Without empty lines at its ends. */
function trimmed(lines: readonly string[]): readonly string[] {
  const first = lines.findIndex((line) => line.trim() !== "");
  const last = lines.findLastIndex((line) => line.trim() !== "");
  return first < 0 ? [] : lines.slice(first, last + 1);
}
