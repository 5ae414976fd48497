import wrapAnsi from "wrap-ansi";

/** Whether no line is wider than `columns`. Escape codes have no width, and Chinese characters are two columns wide. */
export function fits(lines: string[], columns: number): boolean {
  return (
    columns === Infinity ||
    lines.every(
      (line) => !wrapAnsi(line, columns, { hard: true, wordWrap: false, trim: false }).includes("\n"),
    )
  );
}

/**
 * A text as lines of at most `columns` columns, broken between words; every line begins with `indent`. A word that is longer than a
 * line, such as a path, is left whole. A Chinese text is broken anywhere, because it has no spaces to break at; its characters are two
 * columns wide.
 */
export function wrap(text: string, columns: number, indent = ""): string[] {
  if (/\p{Script=Han}/u.test(text)) {
    const lines = wrapAnsi(text, columns - indent.length, { hard: true }).split("\n");
    return lines.map((line) => `${indent}${line}`.trimEnd());
  }
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(/\s+/).filter((one) => one !== "")) {
    if (line !== "" && indent.length + line.length + 1 + word.length > columns) {
      lines.push(indent + line);
      line = word;
    } else line = line === "" ? word : `${line} ${word}`;
  }
  return line === "" ? lines : [...lines, indent + line];
}
