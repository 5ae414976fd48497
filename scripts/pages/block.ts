/** A page, taken apart: its lines of text, and what its blocks show. Put together again, it is the page. */
export type Piece =
  | { kind: "text"; lines: string[] }
  /** A command of a block, without its `$ `, and the lines below it, to the next command or to the block's end. */
  | { kind: "shown"; command: string; lines: string[] };

const FENCE = "```";

/**
 * Takes a page apart. Only a block that says nothing behind its ``` can show commands: ```diff is a difference, and ```live is what was
 * printed by something that no recording knows.
 */
export function piecesOf(page: string): Piece[] {
  const pieces: Piece[] = [];
  let block: "none" | "open" | "other" = "none";
  for (const line of page.split("\n")) {
    const last = pieces.at(-1);
    if (line.startsWith(FENCE)) {
      block = block !== "none" ? "none" : line === FENCE ? "open" : "other";
      if (last?.kind === "text") last.lines.push(line);
      else pieces.push({ kind: "text", lines: [line] });
    } else if (block === "open" && line.startsWith("$ ")) {
      pieces.push({ kind: "shown", command: line.slice(2), lines: [] });
    } else if (last === undefined) pieces.push({ kind: "text", lines: [line] });
    else last.lines.push(line);
  }
  return pieces;
}

/** The page that pieces make. */
export function pageOf(pieces: Piece[]): string {
  return pieces
    .flatMap((piece) => (piece.kind === "text" ? piece.lines : [`$ ${piece.command}`, ...piece.lines]))
    .join("\n");
}
