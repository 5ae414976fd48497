/** A piece of a page: lines of text, or a command that a block shows. All pieces together are the page. */
export type Piece =
  | { kind: "text"; lines: string[] }
  /** A command of a block, without its `$ `, and the lines below it, up to the next command or the end of the block. */
  | { kind: "shown"; command: string; lines: string[] };

const FENCE = "```";

/**
 * Cuts a page into pieces. Only a block without a word after its ``` can show commands: ```diff is a difference, and ```live is output
 * that is in no recording.
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

/** Joins pieces to a page. */
export function pageOf(pieces: Piece[]): string {
  return pieces
    .flatMap((piece) => (piece.kind === "text" ? piece.lines : [`$ ${piece.command}`, ...piece.lines]))
    .join("\n");
}
