import { PERCENTILE_NAMES } from "../measure/load.ts";
import { PHASES } from "./result.ts";

/** A reason not to trust figures of a load. */
export interface Doubt {
  because: string;
  /** The figures that cannot be trusted, as --fail-if names them; none where there are no figures. */
  figures: string[];
  /** Whether the load is not valid for this reason. Without the tail of its times, the p99.9 and the maximum, it is. */
  grave: boolean;
}

/** The share of requests, or of the time, that can be missing while a rate still deserves its name. */
export const MISSING = 0.01;

/** The names of all times, as --fail-if writes them. */
export const TIMES: readonly string[] = PHASES.flatMap((phase) =>
  PERCENTILE_NAMES.map((name) => `${phase}.${name}`),
);

/** A doubt that makes a load not valid. */
export function grave(because: string, figures: readonly string[] = []): Doubt {
  return { because, figures: [...figures], grave: true };
}
