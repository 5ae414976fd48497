import type { TrialProgress } from "../lab/order.ts";

/** Gets the progress of a run of trials. `end` is called for every trial for which `begin` was called. */
export interface RunWatch {
  /** This number of trials is planned in addition to those planned before. */
  planned(trials: number): void;
  begin(name: string): void;
  tell(name: string, progress: TrialProgress): void;
  /** `outcome`: how the trial ended, in one or two words. */
  end(name: string, outcome: string, seconds: number): void;
  /** Prints a whole sentence for the user. */
  say(sentence: string): void;
}

/** Ignores all progress. */
export const UNWATCHED: RunWatch = { planned() {}, begin() {}, tell() {}, end() {}, say() {} };
