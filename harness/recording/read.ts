import { isUtf8 } from "node:buffer";
import { RECORDING_FORMAT, type Header, type Recording } from "../model/recording.ts";
import type { Sample } from "../model/sample.ts";
import { eachLine } from "./line-reader.ts";
import { RecordingError, readingFailed } from "./recording-error.ts";
import { OLDER_FORMATS, upgradedHeader } from "./upgrade.ts";
import { parseHeader, parseSample, type Parsed } from "./schema.ts";
import { hasSeal, Seal, withoutSeal } from "./seal.ts";

/**
 * Reads and checks the recording in a file. A recording that was cut off is read up to its last complete line, and `cutOff` says so.
 * Throws a RecordingError for a file that cannot be read, or that is damaged; for a damaged file it has the number of the line. A file is
 * also damaged where a line does not fit the seals of the lines before it. Recordings of older formats can be without seals.
 */
export function readRecording(path: string): Recording {
  return readWith(parseSample, path);
}

/**
 * Reads a recording that this run's own lab has just written. Its lines must be complete and JSON, and fit their seals, but they are not
 * checked against the schema again: that check would be a third of the work of a run's own process for a trial.
 */
export function readOwnRecording(path: string): Recording {
  return readWith((value) => ({ value: value as Sample }), path);
}

/** Checks a sample's line after JSON.parse. */
type Check = (value: unknown) => Parsed<Sample>;

function readWith(check: Check, path: string): Recording {
  const lines = new Lines(check, path);
  try {
    const { hasRest } = eachLine(path, (line) => lines.take(line));
    return lines.recording(hasRest);
  } catch (error) {
    throw error instanceof RecordingError ? error : readingFailed("read the recording", path, error);
  }
}

/**
 * Reads and checks a recording from a text; `name` is the file name in messages. A line is complete when it ends with a line
 * feed. The text after the last line feed was being written when the trial was cut off, so it is ignored.
 */
export function parseRecording(text: string, name: string): Recording {
  const lines = new Lines(parseSample, name);
  const whole = text.split("\n");
  const rest = whole.pop() ?? "";
  for (const line of whole) lines.take(Buffer.from(line));
  return lines.recording(rest !== "");
}

/** Takes the lines of a recording, one after the other, and checks each of them. */
class Lines {
  readonly #check: Check;
  readonly #name: string;
  readonly #seal = new Seal();
  readonly #samples: Sample[] = [];
  #header: Header | null = null;
  #isSealed = false;

  constructor(check: Check, name: string) {
    this.#check = check;
    this.#name = name;
  }

  /** Throws a RecordingError for a damaged line. */
  take(line: Buffer): void {
    const number = this.#header === null ? 1 : this.#samples.length + 2;
    if (this.#samples.at(-1)?.kind === "end")
      throw damaged(this.#name, number, "it comes after the end of the recording");
    if (!isUtf8(line)) throw damaged(this.#name, number, "it has bytes that are not UTF-8");
    if (this.#header === null) this.#isSealed = hasSeal(line);
    const value = jsonOf(this.#isSealed ? withoutSeal(line) : line.toString("utf8"), number, this.#name);
    if (this.#isSealed && !this.#seal.fits(line)) throw damaged(this.#name, number, unfit(number));
    if (this.#header === null) this.#header = headerOf(value, this.#isSealed, this.#name);
    else this.#samples.push(checked(this.#check(value), number, this.#name));
  }

  /** What was read. `hasRest`: whether an incomplete line followed. Throws a RecordingError when there was no complete line. */
  recording(hasRest: boolean): Recording {
    const [header, samples, sealed] = [this.#header, this.#samples, this.#isSealed];
    if (header === null) throw new RecordingError(headless(hasRest, this.#name), this.#name, 1);
    return { header, samples, cutOff: cutOff(hasRest, samples), sealed };
  }
}

function unfit(number: number): string {
  return number === 1
    ? "it does not fit its seal: it was changed"
    : "it does not fit its seal: it was changed or moved, or lines before it were deleted or added";
}

function cutOff(hasRest: boolean, samples: Sample[]): string | null {
  const wholeLines = samples.length + 1;
  if (hasRest) {
    return `its last line was cut off; it was read to line ${wholeLines}, the last complete one`;
  }
  return samples.at(-1)?.kind === "end"
    ? null
    : `the trial did not write its end; the last line is ${wholeLines}`;
}

function headerOf(value: unknown, isSealed: boolean, name: string): Header {
  const [kind, format] = [property(value, "kind"), property(value, "format")];
  if (kind !== "header") throw new RecordingError(`${name} line 1: ${noHeader}`, name, 1);
  if (format !== RECORDING_FORMAT && !OLDER_FORMATS.includes(format)) {
    const read = `${OLDER_FORMATS.join(", ")} and ${RECORDING_FORMAT}`;
    throw new RecordingError(
      `${name} line 1: the format is ${JSON.stringify(format) ?? "missing"}, but this lastack reads ${read}; use the version of lastack that wrote it, or record again`,
      name,
      1,
    );
  }
  if (format === RECORDING_FORMAT && !isSealed) {
    throw damaged(name, 1, `it has no seal, and every line of ${RECORDING_FORMAT} has one`);
  }
  return checked(parseHeader(upgradedHeader(value)), 1, name);
}

const noHeader = "it is not the header of a recording; name a .ndjson file that lastack wrote";

function headless(hasRest: boolean, name: string): string {
  return hasRest
    ? `${name} line 1: it was cut off, so the recording has no header; record again`
    : `${name} is empty: the trial was cut off before it wrote anything; record again`;
}

function jsonOf(line: string, number: number, name: string): unknown {
  if (line.trim() === "") throw damaged(name, number, "it is empty");
  try {
    return JSON.parse(line) as unknown;
  } catch (error) {
    if (number === 1) throw new RecordingError(`${name} line 1: it is not JSON, so ${noHeader}`, name, 1);
    throw damaged(name, number, `it is not JSON (${error instanceof Error ? error.message : String(error)})`);
  }
}

function checked<T>(parsed: Parsed<T>, number: number, name: string): T {
  if ("value" in parsed) return parsed.value;
  const [first = "it does not fit the format", ...others] = parsed.problems;
  throw damaged(name, number, others.length === 0 ? first : `${first} (and ${others.length} more)`);
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
