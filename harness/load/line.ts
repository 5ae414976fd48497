import type { LoadEnd, LoadSecond } from "../model/load.ts";

/** The line that a load program with `--report histograms` prints every second for each of its threads. */
export interface LoadLine extends LoadSecond {
  kind: "load";
  /** The end of the second; in the last line, the end of the last attempt. */
  monotonicUs: number;
}

/** The line that it prints at the end. */
export interface LoadEndLine extends LoadEnd {
  kind: "load-end";
  monotonicUs: number;
}
