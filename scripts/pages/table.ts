import type { Experiment } from "../../harness/model/experiment.ts";
import type { Language } from "../../harness/model/text.ts";
import { variantsOf } from "../../harness/runs/plan.ts";

/** A row of a table of experiments: its cells after the first, which is the link. */
interface Row {
  id: string;
  cells: string[];
}

/**
 * The page, with a row for every experiment in its tables of experiments, and no other rows. A table of three columns is for failure
 * modes, with their cures; a table of two is for facts. The words of a row belong to the page and stay; a new row has the experiment's
 * title, in the page's language if it has one. `order` has the ids in the order of the rows.
 */
export function withTables(
  page: string,
  experiments: Experiment[],
  order: string[],
  language: Language,
): string {
  const lines = page.split("\n");
  const built: string[] = [];
  for (let at = 0; at < lines.length;) {
    const end = tableEnd(lines, at);
    const rows = lines.slice(at + 2, end).map(rowOf);
    if (end - at > 2 && rows.every((row) => row !== null)) {
      built.push(
        ...lines.slice(at, at + 2),
        ...builtRows(lines[at] ?? "", rows, experiments, order, language),
      );
      at = end;
    } else {
      built.push(...lines.slice(at, Math.max(end, at + 1)));
      at = Math.max(end, at + 1);
    }
  }
  return built.join("\n");
}

/** The ids of the experiments in a page's tables, in the order of the rows. */
export function idsInTables(page: string): string[] {
  return page.split("\n").flatMap((line) => rowOf(line)?.id ?? []);
}

function tableEnd(lines: string[], from: number): number {
  let end = from;
  while (lines[end]?.startsWith("|") === true) end += 1;
  return end;
}

/** `| [ID](experiments/ID/README.md) | words | ... |`, or null for any other line. */
function rowOf(line: string): Row | null {
  const [id, path, rest] = /^\| \[([^\]]+)\]\(([^)]+)\) \|(.*)\|$/.exec(line)?.slice(1) ?? [];
  if (id === undefined || path !== `experiments/${id}/README.md`) return null;
  return { id, cells: (rest ?? "").split("|").map((cell) => cell.trim()) };
}

function builtRows(
  head: string,
  rows: Row[],
  experiments: Experiment[],
  order: string[],
  language: Language,
): string[] {
  const kind = head.split("|").length - 2 === 3 ? "failure-mode" : "fact";
  return experiments
    .filter((experiment) => experiment.kind === kind)
    .toSorted((a, b) => placeIn(order, a) - placeIn(order, b))
    .map((experiment) => {
      const { id, title, signs } = experiment;
      const written = rows.find((row) => row.id === id)?.cells[0] ?? title;
      // On a Chinese page, an English title has only not been translated yet.
      const words = language === "zh" && written === title ? (signs?.zh ?? title) : written;
      const cures = variantsOf(experiment).filter((name) => name !== "buggy");
      const cells =
        kind === "fact"
          ? [words]
          : [words, cures.map((name) => `\`${name}\``).join(language === "zh" ? "、" : ", ")];
      return `| [${id}](experiments/${id}/README.md) | ${cells.join(" | ")} |`;
    });
}

/** The place of an experiment in the order. Experiments without a place come last. */
function placeIn(order: string[], { id }: Experiment): number {
  const at = order.indexOf(id);
  return at === -1 ? order.length : at;
}
