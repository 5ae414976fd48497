import { type Block, blocksOf } from "../../scripts/experiment-page/block.ts";
import { TUTORIAL } from "../../scripts/experiment-page/example.ts";

/** One step of the tutorial in docs/experiment.md. */
export type Step =
  | { kind: "command"; command: string; shown: string[] }
  | { kind: "write"; path: string; text: string }
  | { kind: "change"; path: string; from: string; to: string };

/**
 * The steps of the tutorial in order: commands with their output, and blocks that are files or changes to files. The paragraph above a
 * block names its file. Throws for a block of neither kind.
 */
export function stepsOf(page: string): Step[] {
  return blocksOf(page)
    .filter(({ sections }) => sections[0] === TUTORIAL)
    .flatMap((block) => (block.info === "live" ? commandsOf(block) : [fileStep(block)]));
}

function commandsOf({ text }: Block): Step[] {
  const [before = "", ...commands] = `\n${text}`.split("\n$ ");
  if (before.trim() !== "") throw new Error(`a block of commands without a command: ${before.trim()}`);
  return commands.map((one) => {
    const [command = "", ...shown] = one.split("\n");
    return { kind: "command", command, shown };
  });
}

function fileStep({ info, text, lead, from }: Block): Step {
  const path = [...lead.matchAll(/`((?:experiments|servers)\/[\w./-]+)`/g)].at(-1)?.[1];
  if (path === undefined || !lead.endsWith(":")) throw new Error(`line ${from}: which file is the block?`);
  if (info !== "diff") return { kind: "write", path, text: `${text}\n` };
  const lines = text.split("\n");
  const side = (without: string): string =>
    lines
      .filter((line) => !line.startsWith(without))
      .map((line) => `${line.slice(1)}\n`)
      .join("");
  return { kind: "change", path, from: side("+"), to: side("-") };
}
