import { wrap } from "./wrap.ts";

/** By how much a line goes in further that continues the one above it. */
const DEEPER = 2;

/**
 * A command line in lines of at most `columns` columns, all but the last with the backslash that a shell demands. What is quoted stays in one
 * line: a shell would take the backslash for a part of it.
 */
export function foldedCommand(command: string, columns: number, indent: number): string[] {
  const start = "".padEnd(indent);
  if (start.length + command.length <= columns || /[\n\t]/.test(command)) return [`${start}${command}`];
  const quoted = command.replaceAll(/'[^']*'|"[^"]*"/g, (text) => text.replaceAll(" ", "\0"));
  const lines = wrap(quoted, columns - DEEPER, "".padEnd(indent + DEEPER)).map((line) =>
    line.replaceAll("\0", " "),
  );
  return lines.map((line, nth) => {
    const shown = nth === 0 ? line.slice(DEEPER) : line;
    return nth === lines.length - 1 ? shown : `${shown} \\`;
  });
}
