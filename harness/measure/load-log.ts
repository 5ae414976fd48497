import { HistogramLogWriter } from "hdr-histogram-js";
import type { LoadSecond } from "../model/load.ts";
import { foldHistograms } from "./load.ts";

/** The histograms of a second, by the name that their lines bear in a log. */
const TAGS = ["connect", "firstByte", "total", "pacing"] as const;

/** A second of a load that is told at its end, on CLOCK_MONOTONIC. */
type ToldSecond = LoadSecond & { monotonicUs: number };

/**
 * The seconds of a load as an HdrHistogram log (format 1.3, as HistogramLogProcessor and its plotters read it): a line a second for
 * each of connect, firstByte, total and pacing, tagged with that name, threads together, values in microseconds. `unixOffsetUs`
 * is what CLOCK_REALTIME is ahead of CLOCK_MONOTONIC.
 */
export function loadLog(seconds: readonly ToldSecond[], unixOffsetUs: number): string {
  let text = "";
  const writer = new HistogramLogWriter((part) => {
    text += part;
  });
  writer.outputComment("lastack load: microseconds; tags connect, firstByte, total, pacing");
  writer.outputLogFormatVersion();
  const told = [...new Set(seconds.map(({ second }) => second))]
    .toSorted((a, b) => a - b)
    .map((second) => seconds.filter((line) => line.second === second));
  const [first] = told;
  if (first === undefined) return text;
  // A line is told at the end of its second; only the last may be of less than one.
  let fromUs = endUs(first) - 1e6 + unixOffsetUs;
  writer.outputStartTime(Math.round(fromUs / 1000));
  writer.outputLegend();
  for (const lines of told) {
    const toUs = Math.max(endUs(lines) + unixOffsetUs, fromUs);
    for (const tag of TAGS) {
      const histogram = foldHistograms(lines.map((line) => line[tag]));
      if (histogram === null) continue;
      histogram.tag = tag;
      writer.outputIntervalHistogram(histogram, fromUs / 1e6, toUs / 1e6, 1);
    }
    fromUs = toUs;
  }
  return text;
}

function endUs(lines: readonly ToldSecond[]): number {
  return Math.max(...lines.map(({ monotonicUs }) => monotonicUs));
}
