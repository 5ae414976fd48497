import { PERCENTILE_NAMES } from "../measure/load.ts";
import { doubts } from "./doubts.ts";
import type { LoadRun } from "./load-run.ts";
import { type LoadFigures, PHASES } from "./result.ts";
import { warnings } from "./warning.ts";

/** Whether a load's figures are the server's; the reasons if they are not; and warnings. */
export interface Validity {
  valid: boolean;
  because: string[];
  warnings: string[];
  /** The figures that cannot be trusted, as --fail-if names them. A load that is valid can have such figures in the tail of its times. */
  untrusted: string[];
}

/** Judges the figures of a load: which of them cannot be trusted, and why. docs/load.md explains each reason. */
export function validity(figures: LoadFigures, run: LoadRun): Validity {
  const all = doubts(figures, run);
  const grave = all.filter((doubt) => doubt.grave);
  const light = all.filter((doubt) => !doubt.grave);
  return {
    valid: grave.length === 0,
    because: grave.map(({ because }) => because),
    warnings: [...light.map(({ because }) => because), ...warnings(figures)],
    untrusted: printed(figures).filter((name) => all.some((doubt) => doubt.figures.includes(name))),
  };
}

/** The rate and the times that have a value, as --fail-if names them: what was not measured needs no doubt. */
function printed({ latencyMs, perSecond }: LoadFigures): string[] {
  const times = PHASES.filter((phase) => latencyMs[phase] !== null).flatMap((phase) =>
    PERCENTILE_NAMES.map((name) => `${phase}.${name}`),
  );
  return perSecond === null ? times : ["perSecond", ...times];
}
