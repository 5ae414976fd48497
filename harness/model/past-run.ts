import type { Outcome } from "./verdict.ts";

/** What a run concluded, as its folder keeps it. */
export interface KeptOutcome {
  /** How many trials ended with each outcome. */
  trials: Record<Outcome, number>;
  /** Ctrl+C ended the run before its last trial. */
  interrupted: boolean;
}

/** A run whose folder is still there. */
export interface PastRun {
  /** The name of its folder: when it began, UTC. */
  name: string;
  /** When it began: ISO 8601, UTC. */
  startedAt: string;
  /** The size of all files in its folder. */
  bytes: number;
  /** The number of recordings. Those of trials that were run again are not counted. */
  recordings: number;
  /** The ids of the experiments with recordings, in alphabetical order. */
  experiments: string[];
  /** null: the folder keeps no outcome, because the run did not end, is a comparison, or was made by an earlier lastack. */
  outcome: KeptOutcome | null;
  /** Whether the run settled claims. */
  claims: boolean;
}
