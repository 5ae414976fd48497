import { HistogramLogWriter } from "hdr-histogram-js";
import type { LoadSecond } from "../model/load.ts";
import { foldHistograms } from "./load.ts";

/** The histograms of a second, by the tag of their lines in a log. */
const TAGS = ["connect", "firstByte", "total", "pacing"] as const;

/** A second of a load, with the time of its report at its end, on CLOCK_MONOTONIC. */
type ToldSecond = LoadSecond & { monotonicUs: number };

/**
 * The seconds of a load as an HdrHistogram log (format 1.3, as HistogramLogProcessor and its plotters read it). Each second has a line
 * for each of connect, firstByte, total and pacing, tagged with that name, over all threads, with values in microseconds.
 * `unixOffsetUs` is how far CLOCK_REALTIME is ahead of CLOCK_MONOTONIC.
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
  // A line is printed at the end of its second. Only the last one can cover less than a second.
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
