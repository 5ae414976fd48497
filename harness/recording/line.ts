import type { Header, Recording } from "../model/recording.ts";
import type { Sample } from "../model/sample.ts";
import { Seal } from "./seal.ts";

/**
 * A header or a sample as the next line of a recording, with its seal and its line feed. A line without a line feed is incomplete. `seal`
 * goes from line to line, beginning with the header.
 */
export function recordingLine(value: Header | Sample, seal: Seal): string {
  return `${seal.add(JSON.stringify(value))}\n`;
}

/** A recording as the text of its file, sealed. */
export function recordingText(recording: Recording): string {
  const seal = new Seal();
  return [recording.header, ...recording.samples].map((value) => recordingLine(value, seal)).join("");
}
