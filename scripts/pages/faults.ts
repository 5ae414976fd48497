import { HALF_DONE } from "../skeleton.ts";

/** The marks of unfinished text: the skeleton's word and its blanks, and the marks that people write. */
const LEFTOVER = new RegExp(`${HALF_DONE}|\\{\\{\\w+\\}\\}|\\b(?:TODO|TBD|FIXME)\\b`);

interface Heading {
  line: number;
  rank: number;
  text: string;
}

/** Lines that only lastack prints: a finding, or a row of a ladder. */
const PRINTED = /^ +[✓✗?] |^ +-?\d+\.\d{3} .*│/;

/**
 * The faults of a page, each with its line: empty sections, unfinished text of an experiment's skeleton, and blocks of output that do
 * not show their command.
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
    // A page may mention a mark in backticks, such as `HALF-DONE`.
    const [leftover] = LEFTOVER.exec(line.replaceAll(/`[^`]*`/g, "")) ?? [];
    return leftover === undefined ? [] : [`line ${nth + 1}: ${leftover}`];
  });
  const headings = headingsOf(lines);
  const empty = headings.filter(({ line, rank }, nth) => {
    const next = headings[nth + 1];
    // A section with subsections is not empty.
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

/** The blocks without a word after their fence, each with the line of the fence. */
function plainBlocks(lines: string[]): { line: number; content: string[] }[] {
  const fences = lines.flatMap((line, nth) => (line.startsWith("```") ? [nth] : []));
  return fences.flatMap((fence, nth) => {
    if (nth % 2 === 1 || lines[fence] !== "```") return [];
    return [{ line: fence + 1, content: lines.slice(fence + 1, fences[nth + 1]) }];
  });
}

/** The headings of a page. In a block, a line that begins with # is no heading. */
function headingsOf(lines: string[]): Heading[] {
  let isBlock = false;
  return lines.flatMap((line, nth) => {
    if (line.startsWith("```")) isBlock = !isBlock;
    const [, marks, text] = /^(#+) (.+)$/.exec(line) ?? [];
    if (isBlock || marks === undefined || text === undefined) return [];
    return [{ line: nth + 1, rank: marks.length, text }];
  });
}

/** Whether a line has content: it is not empty, and no fence, comment or anchor. */
function isText(line: string): boolean {
  return line.replace(/<!--.*?-->|<a id="[^"]*"><\/a>/g, "").trim() !== "" && !line.startsWith("```");
}
