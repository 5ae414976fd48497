import { median } from "../../../harness/measure/median.ts";
import { columns } from "../../columns.ts";

/** The times for one number of sockets, round by round. */
export interface Counted {
  sockets: number;
  /** Milliseconds of one census, and of one run of `ss -tan`. */
  ours: number[];
  theirs: number[];
}

const line = columns([12, 26, 26, 8, 19, 0]);
export const HEADINGS = line([
  "sockets",
  "census ms (min-max)",
  "ss -tan ms (min-max)",
  "ratio",
  "census us/socket",
  "ss us/socket",
]);

/** A row of the table: medians with minimum and maximum, the ratio of the medians, and the time for one socket of each. */
export function rowOf({ sockets, ours, theirs }: Counted): string {
  const each = (ms: number[]): string => ((median(ms) * 1000) / sockets).toFixed(3);
  const ratio = ratioOf({ ours, theirs }).toFixed(3);
  return line([count(sockets), spread(ours), spread(theirs), ratio, each(ours), each(theirs)]);
}

/** The row of a number of sockets that could not be counted. */
export function absentRow(sockets: number, because: string): string {
  return line([count(sockets), `not measured: ${because}`]);
}

/** Our median time divided by that of ss. */
export function ratioOf({ ours, theirs }: Pick<Counted, "ours" | "theirs">): number {
  return median(ours) / median(theirs);
}

/** `12.10 (11.40-15.00)`: the median, the minimum and the maximum. */
export function spread(ms: number[]): string {
  return `${median(ms).toFixed(2)} (${Math.min(...ms).toFixed(2)}-${Math.max(...ms).toFixed(2)})`;
}

/** A number with separators: `30,000`. */
export function count(sockets: number): string {
  return sockets.toLocaleString("en");
}
