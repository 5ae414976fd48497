import type { Experiment } from "../model/experiment.ts";
import { palette } from "./palette.ts";
import { wrap } from "./wrap.ts";

/** Where a title has fewer columns than this beside its id, it stands below it. */
const LEAST_TITLE = 40;

/** Experiments by id, each with its title and the names of its variants. No line is longer than `columns`, unless it is one word. */
export function listExperiments(
  experiments: Experiment[],
  { colour, columns }: { colour: boolean; columns: number },
): string {
  const paint = palette(colour);
  const width = Math.max(0, ...experiments.map(({ id }) => id.length)) + 2;
  const isWide = columns - width >= LEAST_TITLE;
  const indent = "".padEnd(isWide ? width : 2);
  const lines = experiments.flatMap(({ id, title, variants }) => {
    const [first = "", ...more] = wrap(title, columns, indent);
    const names = wrap(Object.keys(variants).join(", "), columns, indent).map(paint.quiet);
    const head = isWide ? [`${paint.title(id)}${first.slice(id.length)}`] : [paint.title(id), first];
    return [...head, ...more, ...names];
  });
  return lines.join("\n");
}
