/** A fenced block of a page. */
export interface Block {
  /** The text after the opening fence: `ts`, `live`. */
  info: string;
  /** Its lines, without a line end after the last. */
  text: string;
  /** The paragraph above it, in one line: "In `servers/x/buggy.py`:". */
  lead: string;
  /** The headings above it, from `##` on, without their marks. */
  sections: string[];
  /** Its first line in the page, and the line after its last, both from 0. */
  from: number;
  to: number;
}

const FENCE = /^(`{3,})(.*)$/;
const HEADING = /^(#{2,}) (.+)$/;

/** The blocks of a page, in order. A block that shows fences has a longer fence itself. Throws when the last block is not closed. */
export function blocksOf(page: string): Block[] {
  const lines = page.split("\n");
  const blocks: Block[] = [];
  let sections: string[] = [];
  for (let nth = 0; nth < lines.length; nth += 1) {
    const line = lines[nth] ?? "";
    const [, marks = "", heading = ""] = HEADING.exec(line) ?? [];
    if (marks !== "") sections = [...sections.slice(0, marks.length - 2), heading];
    const [, fence, info = ""] = FENCE.exec(line) ?? [];
    if (fence === undefined) continue;
    const from = nth + 1;
    const to = lines.indexOf(fence, from);
    if (to < 0) throw new Error(`the block that begins in line ${nth + 1} has no end`);
    blocks.push({
      info,
      text: lines.slice(from, to).join("\n"),
      lead: leadOf(lines, nth),
      sections,
      from,
      to,
    });
    nth = to;
  }
  return blocks;
}

/** The last paragraph above a line. */
function leadOf(lines: string[], before: number): string {
  let last = before - 1;
  while (last >= 0 && lines[last] === "") last -= 1;
  let first = last;
  while (first > 0 && lines[first - 1] !== "") first -= 1;
  return lines.slice(Math.max(0, first), last + 1).join(" ");
}
