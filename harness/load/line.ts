import type { LoadEnd, LoadSecond } from "../model/load.ts";

/** The line that a load program with `--report histograms` prints every second for each of its threads. */
export interface LoadLine extends LoadSecond {
  kind: "load";
  /** The end of the second; in the last line, the end of the last attempt. */
  monotonicUs: number;
}

/** The shortest stall that is reported with the attempts under way. */
export const STALL_MS = 10;

/** The line that it prints at the end. */
export interface LoadEndLine extends LoadEnd {
  kind: "load-end";
  /** The end of `seconds`. Requests under way then, and connections that the server is to close, can last for longer. */
  monotonicUs: number;
  /**
   * The stalls of the thread's event loop that lasted STALL_MS or longer, after the warm-up: under the whole milliseconds of a stall, how
   * many attempts were under way in it. An attempt that a stall of L ms delays takes L ms or longer. With a rate, the attempts that
   * became due in the first half of a stall are counted under half of its length.
   */
  stalls: Record<string, number>;
}
