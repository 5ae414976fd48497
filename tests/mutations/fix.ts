/** The comment that marks the line of the fix in a fixed program, in any language. */
const MARK = /(?:\/\/|#) the fix\b/;

/** Whether a text, or a line of it, has the mark. */
export function marksFix(text: string): boolean {
  return MARK.test(text);
}

/** The text without its marked lines. If the mark is alone on its line, the line below it is removed too. */
export function withoutFix(text: string): string {
  const lines = text.split("\n");
  const isAlone = (line: string | undefined): boolean =>
    line !== undefined && marksFix(line) && line.replace(MARK, "").trim() === "";
  return lines.filter((line, nth) => !marksFix(line) && !isAlone(lines[nth - 1])).join("\n");
}
