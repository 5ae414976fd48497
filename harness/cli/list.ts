import type { Experiment } from "../model/experiment.ts";
import { suggest } from "../recording/suggest.ts";
import { plainTable } from "../report/table.ts";
import { listExperiments } from "../report/experiments-list.ts";
import { loadCatalogue } from "../runs/catalogue.ts";
import { UsageError } from "../runs/errors.ts";
import { parseOptionsOnly, type Command } from "./command.ts";
import { EXIT } from "./exit.ts";
import type { Terminal } from "./terminal.ts";

const help = `lastack list - list the experiments of the catalogue

Usage: lastack list [--tag TAG | --tags] [--json]

  --tag TAG   only experiments with this tag
  --tags      the tags, each with the number of its experiments
  --json      one JSON document: [{id, title, question, kind,
              variants, tags}], with --tags [{tag, experiments}]

Examples:
  lastack list
  lastack list --tags
  lastack list --tag tour --json`;

const OPTIONS = {
  tag: { type: "string" },
  tags: { type: "boolean" },
  json: { type: "boolean" },
} as const;

export const command: Command = {
  help,
  async run(args, terminal) {
    const { values } = parseOptionsOnly(args, OPTIONS);
    const catalogue = (await loadCatalogue()).map((entry) => entry.experiment);
    if (values.tags === true) {
      if (values.tag !== undefined) throw new UsageError("--tag and --tags cannot be combined.");
      return listTags(catalogue, values.json === true, terminal);
    }
    const experiments = values.tag === undefined ? catalogue : tagged(catalogue, values.tag);
    if (values.json === true) {
      const rows = experiments.map(({ id, title, question, kind, variants, tags }) => ({
        id,
        title,
        question,
        kind,
        variants: Object.keys(variants),
        tags,
      }));
      terminal.out(JSON.stringify(rows, null, 2));
      return EXIT.clean;
    }
    terminal.out(listExperiments(experiments, terminal));
    return EXIT.clean;
  },
};

/** The experiments with a tag. Throws UsageError for a tag that no experiment has. */
function tagged(experiments: Experiment[], tag: string): Experiment[] {
  const found = experiments.filter(({ tags }) => tags.includes(tag));
  if (found.length > 0) return found;
  const known = tagsOf(experiments).map(({ tag: one }) => one);
  throw new UsageError(
    `No experiment has the tag ${JSON.stringify(tag)}.${suggest(tag, known)} "lastack list --tags" lists all tags.`,
  );
}

/** The tags of the experiments, in alphabetical order, each with the ids of its experiments. */
function tagsOf(experiments: Experiment[]): { tag: string; experiments: string[] }[] {
  const tags = [...new Set(experiments.flatMap((experiment) => experiment.tags))].toSorted();
  return tags.map((tag) => ({
    tag,
    experiments: experiments.filter((one) => one.tags.includes(tag)).map(({ id }) => id),
  }));
}

function listTags(experiments: Experiment[], json: boolean, terminal: Terminal): number {
  const tags = tagsOf(experiments);
  if (json) terminal.out(JSON.stringify(tags, null, 2));
  else {
    const rows = tags.map((one) => [one.tag, String(one.experiments.length)]);
    terminal.out(plainTable(rows, ["left", "right"]).join("\n"));
  }
  return EXIT.clean;
}
