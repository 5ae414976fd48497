import { foldedCommand } from "../report/folded-command.ts";
import { wrap } from "../report/wrap.ts";

/** What stands in lines of its own: a paragraph, or an item with its label. */
interface Item {
  indent: number;
  /** An option, a command or a dash; empty in a paragraph. */
  label: string;
  /** The column where the text begins. */
  at: number;
  text: string;
}

/** A text that would have fewer columns than this beside its label stands below it. */
const LEAST_TEXT = 24;
/** By how much a line goes in further that continues the one above it. */
const DEEPER = 2;

/**
 * A help text in lines of at most `columns` columns, unless one word is longer. The text has blocks with an empty line between them:
 * - A line that is not indented belongs to a paragraph.
 * - A line that is indented by two columns is an item. Two spaces, or a dash, divide its label from its text.
 * - A line that is indented more continues the item above it.
 * - In the block that begins with `Usage:` every line is one of its own.
 * - A command below `Examples:` that does not fit is continued as a shell demands, with a backslash.
 */
export function foldHelp(help: string, columns: number): string {
  return help
    .split("\n\n")
    .map((block) => foldBlock(block, columns).join("\n"))
    .join("\n\n");
}

function foldBlock(block: string, columns: number): string[] {
  const items = itemsOf(block.split("\n"), block.startsWith("Usage:"));
  const at = Math.min(...items.filter(({ label }) => label !== "").map((item) => item.at));
  return items.flatMap((item) => {
    if (item.label !== "") return besideLabel(item, at, columns);
    const isExample = item.indent > 0 && block.startsWith("Examples:");
    return isExample ? foldedCommand(item.text, columns, DEEPER) : hanging(item, columns);
  });
}

function itemsOf(lines: string[], isUsage: boolean): Item[] {
  const items: Item[] = [];
  for (const line of lines) {
    const text = line.trimStart();
    const indent = line.length - text.length;
    const last = items.at(-1);
    const continues = indent === 0 ? last?.indent === 0 : indent > DEEPER;
    if (continues && !isUsage && last !== undefined) last.text += ` ${text}`;
    else items.push(itemOf(indent, text));
  }
  return items;
}

function itemOf(indent: number, line: string): Item {
  const [, head = "", text = ""] = (indent > 0 && /^(- |.*?\S {2,})(\S.*)$/.exec(line)) || ["", "", line];
  return { indent, label: head.trimEnd(), at: indent + head.length, text };
}

/** The label, and the text beside it from column `at`; below it where the label is too long, or the column too narrow. */
function besideLabel({ indent, label, text }: Item, at: number, columns: number): string[] {
  const start = `${"".padEnd(indent)}${label}`;
  const isNarrow = columns - at < LEAST_TEXT;
  if (isNarrow || start.length >= at)
    return [start, ...wrap(text, columns, "".padEnd(isNarrow ? indent + 2 * DEEPER : at))];
  const [first = "", ...rest] = wrap(text, columns, "".padEnd(at));
  return [`${start.padEnd(at)}${first.trimStart()}`, ...rest];
}

/** A paragraph. The further lines of an indented one are indented more. */
function hanging({ indent, text }: Item, columns: number): string[] {
  const [first = "", ...rest] = wrap(text, columns - indent, "");
  const more = wrap(rest.join(" "), columns, "".padEnd(indent === 0 ? 0 : indent + DEEPER));
  return [`${"".padEnd(indent)}${first}`, ...more];
}
