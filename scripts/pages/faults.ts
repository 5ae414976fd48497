import { HALF_DONE } from "../skeleton.ts";

/** What stands where something is still to be written: the scaffold's word, its blanks, and what people write themselves. */
const LEFTOVER = new RegExp(`${HALF_DONE}|\\{\\{\\w+\\}\\}|\\b(?:TODO|TBD|FIXME)\\b`);

interface Heading {
  line: number;
  rank: number;
  text: string;
}

/** What only lastack prints: a finding, or a row of a ladder. */
const PRINTED = /^ +[✓✗?] |^ +-?\d+\.\d{3} .*│/;

/**
 * What a page must not have, each with its line: sections with nothing in them, what the scaffold of an experiment left, and blocks of
 * output that do not say from which command it is.
 */
export function faultsOf(page: string): string[] {
  const lines = page.split("\n");
  const nameless = plainBlocks(lines)
    .filter(({ content }) => content.some((line) => PRINTED.test(line)))
    .filter(({ content }) => !content.some((line) => line.startsWith("$ ")))
    .map(
      ({ line }) =>
        `line ${line}: output without its command (\`$ npx lastack ...\`), in a block that is not \`\`\`live`,
    );
  const leftovers = lines.flatMap((line, nth) => {
    // A page may speak of them, as `HALF-DONE`.
    const [leftover] = LEFTOVER.exec(line.replaceAll(/`[^`]*`/g, "")) ?? [];
    return leftover === undefined ? [] : [`line ${nth + 1}: ${leftover}`];
  });
  const headings = headingsOf(lines);
  const empty = headings.filter(({ line, rank }, nth) => {
    const next = headings[nth + 1];
    // What a part of it says, it says.
    return (
      (next === undefined || next.rank <= rank) && !lines.slice(line, next && next.line - 1).some(isText)
    );
  });
  return [
    ...leftovers,
    ...nameless,
    ...empty.map(({ line, text }) => `line ${line}: nothing under "${text}"`),
  ];
}

/** The blocks that say nothing behind their fence, each with the line of the fence. */
function plainBlocks(lines: string[]): { line: number; content: string[] }[] {
  const fences = lines.flatMap((line, nth) => (line.startsWith("```") ? [nth] : []));
  return fences.flatMap((fence, nth) => {
    if (nth % 2 === 1 || lines[fence] !== "```") return [];
    return [{ line: fence + 1, content: lines.slice(fence + 1, fences[nth + 1]) }];
  });
}

/** The headings of a page; in a block, a line that begins with # is none. */
function headingsOf(lines: string[]): Heading[] {
  let isBlock = false;
  return lines.flatMap((line, nth) => {
    if (line.startsWith("```")) isBlock = !isBlock;
    const [, marks, text] = /^(#+) (.+)$/.exec(line) ?? [];
    if (isBlock || marks === undefined || text === undefined) return [];
    return [{ line: nth + 1, rank: marks.length, text }];
  });
}

/** A line that says something: not an empty one, a fence, a comment, or an anchor. */
function isText(line: string): boolean {
  return line.replace(/<!--.*?-->|<a id="[^"]*"><\/a>/g, "").trim() !== "" && !line.startsWith("```");
}
