import type { Header, Recording } from "../model/recording.ts";
import type { Sample } from "../model/sample.ts";

/** A header or a sample as a line of a recording, with its line feed. A line without a line feed is incomplete. */
export function recordingLine(value: Header | Sample): string {
  return `${JSON.stringify(value)}\n`;
}

/** A recording as the text of its file. */
export function recordingText(recording: Recording): string {
  return [recording.header, ...recording.samples].map(recordingLine).join("");
}
