import { withChecked } from "./checked.ts";
import { type Piece, pageOf, piecesOf } from "./block.ts";
import { commandOf } from "./command.ts";
import { FIELD_GUIDES, fieldGuide } from "./field-guide.ts";
import { type Elision, elision, isLeftOut } from "./elision.ts";
import { outputOf, type Sources } from "./output.ts";
import { PageError } from "./page-error.ts";
import { idsInTables, withTables } from "./table.ts";

/** A page with its current outputs and tables. */
export interface BuiltPage {
  text: string;
  /** How many blocks show output of a recording. */
  blocks: number;
  /** The blocks that showed something else before. */
  changed: ChangedBlock[];
}

export interface ChangedBlock {
  command: string;
  /** Lines that were shown before, and have no similar line in the output any more. */
  lost: string[];
}

/** The pages with tables of experiments. The first one sets the order of the rows for all. */
const TABLED = ["README.md", "README.zh-CN.md"];
/** The page of an experiment. */
const EXPERIMENT = /^experiments\/([\w-]+)\/README\.md$/;

/**
 * Builds every page, by its path: the blocks that show a command's output for committed recordings, what `lastack check` finds at the servers
 * of an experiment, the tables of experiments, and the field guide.
 * Throws a PageError with the page's name when a command is wrong, or when a block shows none of its output.
 */
export function builtPages(pages: ReadonlyMap<string, string>, sources: Sources): Map<string, BuiltPage> {
  const order = idsInTables(pages.get(TABLED[0] ?? "") ?? "");
  return new Map(
    [...pages].map(([path, text]) => {
      const language = FIELD_GUIDES.get(path);
      if (language !== undefined)
        return [path, { text: fieldGuide(sources.experiments, language), blocks: 0, changed: [] }];
      const built = withBlocks(path, text, sources);
      const [, id] = EXPERIMENT.exec(path) ?? [];
      if (id !== undefined) return [path, { ...built, text: checkedPage(path, id, built.text, sources) }];
      if (!TABLED.includes(path)) return [path, built];
      const tabled = withTables(
        built.text,
        sources.experiments,
        order,
        path.endsWith(".zh-CN.md") ? "zh" : "en",
      );
      const missing = sources.experiments.find(({ id }) => !idsInTables(tabled).includes(id));
      if (missing !== undefined)
        throw new PageError(`${path}: no table has room for ${missing.id}, a ${missing.kind}`);
      return [path, { ...built, text: tabled }];
    }),
  );
}

function checkedPage(path: string, id: string, text: string, { expected }: Sources): string {
  try {
    return withChecked(text, id, expected);
  } catch (error) {
    if (!(error instanceof PageError)) throw error;
    throw new PageError(`${path}: ${error.message}`, { cause: error });
  }
}

function withBlocks(path: string, text: string, sources: Sources): BuiltPage {
  const changed: ChangedBlock[] = [];
  let blocks = 0;
  const pieces = piecesOf(text).map((piece): Piece => {
    if (piece.kind === "text") return piece;
    const { command, lines: shown } = piece;
    try {
      const built = builtLines(command, shown, sources);
      if (built === null) return piece;
      blocks += 1;
      const isSame = built.lines.join("\n") === shown.join("\n");
      if (!isSame) changed.push({ command, lost: built.lost });
      return { ...piece, lines: built.lines };
    } catch (error) {
      if (!(error instanceof PageError)) throw error;
      throw new PageError(`${path}: \`$ ${command}\`: ${error.message}`, { cause: error });
    }
  });
  return { text: pageOf(pieces), blocks, changed };
}

/** The lines that a block should show; null when it shows nothing, or no output of a recording. */
function builtLines(line: string, shown: string[], sources: Sources): Elision | null {
  const command = commandOf(line);
  if (command === null || shown.every(isLeftOut)) return null;
  const built = elision(shown, outputOf(command, sources));
  if (built.lines.every(isLeftOut))
    throw new PageError("no shown line is in the output; paste some of its lines");
  return built;
}
