import { loadCatalogue } from "../runs/catalogue.ts";
import { parseOptionsOnly, type Command } from "./command.ts";
import { EXIT } from "./exit.ts";

const help = `lastack list - list the experiments of the catalogue

Usage: lastack list [--tag TAG] [--json]

  --tag TAG   only experiments with this tag
  --json      one JSON document: [{id,title,question,kind,variants,tags}]

Examples:
  lastack list
  lastack list --tag tour --json`;

export const command: Command = {
  help,
  async run(args, terminal) {
    const { values } = parseOptionsOnly(args, { tag: { type: "string" }, json: { type: "boolean" } });
    const experiments = (await loadCatalogue())
      .map((entry) => entry.experiment)
      .filter((experiment) => values.tag === undefined || experiment.tags.includes(values.tag));
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
    const width = Math.max(0, ...experiments.map(({ id }) => id.length)) + 2;
    for (const { id, title, variants } of experiments) {
      terminal.out(`${terminal.colors.bold(id.padEnd(width))}${title}`);
      terminal.out(terminal.colors.dim(`${"".padEnd(width)}${Object.keys(variants).join(", ")}`));
    }
    return EXIT.clean;
  },
};
