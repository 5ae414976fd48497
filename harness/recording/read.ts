import { isUtf8 } from "node:buffer";
import { readFileSync } from "node:fs";
import { RECORDING_FORMAT, type Header, type Recording } from "../model/recording.ts";
import type { Sample } from "../model/sample.ts";
import { RecordingError, readingFailed } from "./recording-error.ts";
import { FIRST_FORMAT, upgradedHeader } from "./upgrade.ts";
import { parseHeader, parseSample, type Parsed } from "./schema.ts";

const LINE_FEED = 0x0a;

/**
 * Reads and checks the recording in a file. A recording that was cut off is read up to its last complete line, and `cutOff` says so.
 * Throws a RecordingError for a file that cannot be read, or that is damaged; for a damaged file it has the number of the line.
 */
export function readRecording(path: string): Recording {
  return readWith(parseSample, path);
}

/**
 * Reads a recording that this run's own lab has just written. Its lines must be complete and JSON, but they are not checked against the
 * schema again: that check would be a third of the work of a run's own process for a trial.
 */
export function readOwnRecording(path: string): Recording {
  return readWith((value) => ({ value: value as Sample }), path);
}

/** Checks a sample's line after JSON.parse. */
type Check = (value: unknown) => Parsed<Sample>;

function readWith(check: Check, path: string): Recording {
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
    refuseForeignBytes(bytes, path);
    return parseWith(check, bytes.toString("utf8"), path);
  } catch (error) {
    throw error instanceof RecordingError ? error : readingFailed("read the recording", path, error);
  }
}

/**
 * Reads and checks a recording from a text; `name` is the file name in messages. A line is complete when it ends with a line
 * feed. The text after the last line feed was being written when the trial was cut off, so it is ignored.
 */
export function parseRecording(text: string, name: string): Recording {
  return parseWith(parseSample, text, name);
}

function parseWith(check: Check, text: string, name: string): Recording {
  const lines = text.split("\n");
  const rest = lines.pop() ?? "";
  const [first, ...others] = lines;
  if (first === undefined) throw new RecordingError(headless(rest, name), name, 1);
  const header = headerOf(first, name);
  const samples = others.map((line, nth) => checked(check(jsonOf(line, nth + 2, name)), nth + 2, name));
  const end = samples.findIndex((sample) => sample.kind === "end");
  if (end !== -1 && end !== samples.length - 1) {
    throw damaged(name, end + 3, "it comes after the end of the recording");
  }
  return { header, samples, cutOff: cutOff(rest, samples, lines.length) };
}

function cutOff(rest: string, samples: Sample[], wholeLines: number): string | null {
  if (rest !== "") {
    return `its last line was cut off; it was read to line ${wholeLines}, the last complete one`;
  }
  return samples.at(-1)?.kind === "end"
    ? null
    : `the trial did not write its end; the last line is ${wholeLines}`;
}

function headerOf(line: string, name: string): Header {
  const value = jsonOf(line, 1, name);
  const [kind, format] = [property(value, "kind"), property(value, "format")];
  if (kind !== "header") throw new RecordingError(`${name} line 1: ${noHeader}`, name, 1);
  if (format !== RECORDING_FORMAT && format !== FIRST_FORMAT) {
    throw new RecordingError(
      `${name} line 1: the format is ${JSON.stringify(format) ?? "missing"}, but this lastack reads ${FIRST_FORMAT} and ${RECORDING_FORMAT}; use the version of lastack that wrote it, or record again`,
      name,
      1,
    );
  }
  return checked(parseHeader(format === FIRST_FORMAT ? upgradedHeader(value) : value), 1, name);
}

const noHeader = "it is not the header of a recording; name a .ndjson file that lastack wrote";

function headless(rest: string, name: string): string {
  return rest === ""
    ? `${name} is empty: the trial was cut off before it wrote anything; record again`
    : `${name} line 1: it was cut off, so the recording has no header; record again`;
}

function jsonOf(line: string, number: number, name: string): unknown {
  if (line.trim() === "") throw damaged(name, number, "it is empty");
  try {
    return JSON.parse(line) as unknown;
  } catch (error) {
    throw damaged(name, number, `it is not JSON (${error instanceof Error ? error.message : String(error)})`);
  }
}

function checked<T>(parsed: Parsed<T>, number: number, name: string): T {
  if ("value" in parsed) return parsed.value;
  const [first = "it does not fit the format", ...others] = parsed.problems;
  throw damaged(name, number, others.length === 0 ? first : `${first} (and ${others.length} more)`);
}

/** Refuses bytes that are not UTF-8: Node reads them as replacement characters. The text after the last line feed can be cut anywhere. */
function refuseForeignBytes(bytes: Buffer, path: string): void {
  const whole = bytes.subarray(0, bytes.lastIndexOf(LINE_FEED) + 1);
  if (isUtf8(whole)) return;
  let start = 0;
  for (let number = 1; start < whole.length; number += 1) {
    const stop = whole.indexOf(LINE_FEED, start) + 1;
    if (!isUtf8(whole.subarray(start, stop))) throw damaged(path, number, "it has bytes that are not UTF-8");
    start = stop;
  }
}

function damaged(name: string, line: number, why: string): RecordingError {
  return new RecordingError(
    `${name} line ${line}: ${why}; the recording is damaged, so record again`,
    name,
    line,
  );
}

function property(value: unknown, key: string): unknown {
  return typeof value === "object" && value !== null && key in value
    ? (value as Record<string, unknown>)[key]
    : undefined;
}
