import { existsSync, readFileSync } from "node:fs";
import { arch, release } from "node:os";
import { hrtime } from "node:process";
import type { Examination } from "../../diagnosis/examine.ts";
import { examinationOf, type Origin, recordingOf } from "../../diagnosis/recorded.ts";
import type { Redaction } from "../../diagnosis/redact.ts";
import type { Asked } from "../../model/examined.ts";
import type { Recording } from "../../model/recording.ts";
import { RecordingError } from "../../recording/recording-error.ts";
import { openRecording as createRecording } from "../../recording/write.ts";
import { InputError, UnavailableError, UsageError } from "../../runs/errors.ts";
import { openRecording } from "../../runs/recorded.ts";
import { shortPath, type Terminal } from "../terminal.ts";

/** Throws before anything is looked at when --out names something that exists, because nothing is overwritten. */
export function refuseTaken(out: string): void {
  if (out === "") throw new UsageError("--out takes a file.");
  if (existsSync(out))
    throw new UsageError(`--out ${out} already exists, and nothing is overwritten: choose another name.`);
}

/** Where and when an examination of this machine begins. */
export function originNow(): Origin {
  return {
    kernel: { release: release(), machine: arch() },
    node: process.version,
    bootId: readFileSync("/proc/sys/kernel/random/boot_id", "latin1").trim(),
    originUs: Number(hrtime.bigint() / 1000n),
    startedAt: new Date().toISOString(),
  };
}

/** What is written: what was asked about, when, and by what it was redacted. */
export interface Written {
  asked: Asked;
  origin: Origin;
  redaction: Redaction | null;
}

/** Writes an examination as a recording, and says so. With a redaction, the examination is one that it has made. Throws an UnavailableError. */
export function writeExamination(
  out: string,
  examination: Examination,
  { asked, origin, redaction }: Written,
  terminal: Terminal,
): void {
  const { header, samples } = recordingOf(examination, {
    asked,
    origin: redaction?.origin(origin) ?? origin,
    isRedacted: redaction !== null,
  });
  try {
    const writer = createRecording(out, header);
    for (const sample of samples) writer.append(sample);
    writer.close();
    terminal.err(`Written: ${shortPath(out)}`);
  } catch (error) {
    if (!(error instanceof RecordingError)) throw error;
    throw new UnavailableError(`lastack: ${error.message}. The diagnosis on standard output is complete.`);
  }
}

/** An examination from a file, and what it was asked about. */
export interface ReadExamination {
  examination: Examination;
  asked: Asked;
  origin: Origin;
}

/** The examination that a recording of the doctor has. Throws an InputError for a file that is none. */
export function readExamination(path: string): ReadExamination {
  const recording = openRecording(path);
  const read = examinationOf(recording);
  if (read === null) {
    const { experiment, variant } = recording.header;
    throw new InputError(
      `${path} is a recording of the trial ${experiment}/${variant}, and not of lastack doctor: use lastack judge.`,
    );
  }
  return { ...read, origin: originOf(recording) };
}

function originOf({ header: { kernel, node, bootId, originUs, startedAt } }: Recording): Origin {
  return { kernel, node, bootId, originUs, startedAt };
}
