import type { TrialProgress } from "../lab/order.ts";

/** Who watches a run of trials. Every trial that began also ends. */
export interface RunWatch {
  /** So many trials are to come, beside those that were planned before. */
  planned(trials: number): void;
  begin(name: string): void;
  tell(name: string, progress: TrialProgress): void;
  /** `outcome`: how it ended, in a word or two. */
  end(name: string, outcome: string, seconds: number): void;
  /** Something worth a line, as a whole sentence. */
  say(sentence: string): void;
}

/** Nobody watches. */
export const UNWATCHED: RunWatch = { planned() {}, begin() {}, tell() {}, end() {}, say() {} };
