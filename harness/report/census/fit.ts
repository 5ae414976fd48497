/** A heading, one row, and how many more there are: a block of fewer lines shows nothing. */
const SMALLEST = 3;
/** Of the most important block also this is worth its lines: a heading, and how many more there are. */
const ONLY_COUNT = 2;
/** Of each block, this many lines are kept before an earlier one may be whole. */
const LEAST_ROWS = 4;

/** The blocks that fit into this many lines, with an empty line before each. The last is the most important, and the first the least. */
export function fitted(blocks: string[][], rows: number): string[][] {
  const least = blocks.length > 1 ? SMALLEST : ONLY_COUNT;
  if (blocks.length > 0 && linesOf(blocks, least) > rows) return fitted(blocks.slice(1), rows);
  let left = rows;
  return blocks.map((block, nth) => {
    const later = linesOf(blocks.slice(nth + 1), LEAST_ROWS);
    const shown = cutTo(block, Math.max(left - 1 - later, least));
    left -= shown.length + 1;
    return shown;
  });
}

/** A block in this many lines: the last one counts the rows that are left out. */
export function cutTo(block: string[], room: number): string[] {
  if (block.length <= room) return block;
  return [...block.slice(0, room - 1), `... and ${block.length - room + 1} more`];
}

/** The first of some tables whose lines fit the width; the last one if none does. */
export function firstFitting(columns: number, ...tables: (() => string[])[]): string[] {
  for (const table of tables.slice(0, -1)) {
    const lines = table();
    if (lines.every((line) => line.length <= columns)) return lines;
  }
  return tables.at(-1)?.() ?? [];
}

/** How many lines blocks take of which each has at most `most`. */
function linesOf(blocks: string[][], most: number): number {
  return blocks.reduce((sum, { length }) => sum + 1 + Math.min(length, most), 0);
}
