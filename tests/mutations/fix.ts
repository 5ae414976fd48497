/** How a program of a cure marks the line that is the fix: by a comment, in whichever language it is written. */
const MARK = /(?:\/\/|#) the fix\b/;

/** Whether a text, or a line of it, has the mark. */
export function marksFix(text: string): boolean {
  return MARK.test(text);
}

/** The text without its marked lines; where the mark has a line of its own, the line below it goes too. */
export function withoutFix(text: string): string {
  const lines = text.split("\n");
  const isAlone = (line: string | undefined): boolean =>
    line !== undefined && marksFix(line) && line.replace(MARK, "").trim() === "";
  return lines.filter((line, nth) => !marksFix(line) && !isAlone(lines[nth - 1])).join("\n");
}
