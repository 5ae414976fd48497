import type { LoadEnd, LoadSecond } from "../model/load.ts";

/** What a load program with `--report histograms` prints every second, for each of its threads. */
export interface LoadLine extends LoadSecond {
  kind: "load";
  /** The end of the second; of the last line, when the last attempt was over. */
  monotonicUs: number;
}

/** What it prints at the end. */
export interface LoadEndLine extends LoadEnd {
  kind: "load-end";
  monotonicUs: number;
}
