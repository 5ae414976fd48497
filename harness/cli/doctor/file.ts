import { closeSync, openSync, readSync, statSync } from "node:fs";
import { type Diagnosis, diagnose, isAnybodyThere } from "../../diagnosis/diagnose.ts";
import type { Examination } from "../../diagnosis/examine.ts";
import { isNamedAsExamination } from "../../diagnosis/recorded.ts";
import type { Redaction } from "../../diagnosis/redact.ts";
import type { Asked } from "../../model/examined.ts";
import { diagnosisJson, reportDiagnosis } from "../../report/doctor.ts";
import { loadCatalogue } from "../../runs/all-experiments.ts";
import { InputError, UsageError } from "../../runs/errors.ts";
import { readExamination, writeExamination } from "./recording.ts";
import { EXIT, exitOfDiagnosis } from "../exit.ts";
import type { Terminal } from "../terminal.ts";

/** The beginning of a recording, in which its header has the names of its experiment and variant. */
const NAMES_BYTES = 512;

/** What was asked for, without how it is looked at. */
export interface Work {
  asked: Asked;
  json: boolean;
  out: string | null;
  redaction: Redaction | null;
  diagnose: (examination: Examination, asked: Asked) => Diagnosis;
}

/** Judges every failure mode of the catalogue. */
export async function diagnosing(): Promise<Work["diagnose"]> {
  const experiments = (await loadCatalogue()).map(({ experiment }) => experiment);
  return (examination, asked) => diagnose(experiments, examination, asked);
}

/** Diagnoses a recording of the doctor, about what was asked then if nothing is asked now. Returns the exit code. */
export function diagnoseFile(path: string, work: Work, terminal: Terminal): number {
  const { redaction, out } = work;
  const read = readExamination(path);
  const asked = (work.asked.port ?? work.asked.pid) === null ? read.asked : work.asked;
  const examination = redaction?.examination(read.examination) ?? read.examination;
  const diagnosis = work.diagnose(examination, asked);
  refuseNobody(path, diagnosis);
  print(work, { examination, diagnosis }, terminal);
  if (out !== null) writeExamination(out, examination, { asked, origin: read.origin, redaction }, terminal);
  return exitOfDiagnosis(diagnosis);
}

/** Throws an InputError where somebody was asked about who is not in what was saved. `where`: what was saved. */
export function refuseNobody(where: string, diagnosis: Diagnosis): void {
  const { asked, found } = diagnosis;
  if ((asked.port ?? asked.pid) === null || found.length > 0 || isAnybodyThere(diagnosis)) return;
  const what =
    asked.port === null
      ? `has no TCP socket of process ${asked.pid}`
      : `has no process that listens on port ${asked.port}`;
  throw new InputError(`${where} ${what}.`);
}

/** Prints a diagnosis. */
export function print(
  { json }: Pick<Work, "json">,
  { examination, diagnosis }: { examination: Examination; diagnosis: Diagnosis },
  terminal: Terminal,
): void {
  terminal.out(
    json
      ? JSON.stringify(diagnosisJson(diagnosis, examination), null, 2)
      : reportDiagnosis(diagnosis, examination, terminal),
  );
}

/**
 * What judge and report do with recordings of the doctor: they print each diagnosis again. Returns the exit code; null when there is none
 * among the files. Throws a UsageError when some are of the doctor and some of trials.
 */
export async function judgedAsExaminations(
  paths: string[],
  json: boolean,
  terminal: Terminal,
): Promise<number | null> {
  const own = paths.filter((path) => isNamedAsExamination(beginningOf(path)));
  const [first] = own;
  if (first === undefined) return null;
  if (own.length < paths.length)
    throw new UsageError(`${first} is a recording of lastack doctor: judge it apart from those of trials.`);
  if (json && own.length > 1)
    throw new UsageError("--json prints one document: name one recording of lastack doctor.");
  const work: Work = {
    asked: { port: null, pid: null },
    json,
    out: null,
    redaction: null,
    diagnose: await diagnosing(),
  };
  const codes = own.map((path) => diagnoseFile(path, work, terminal));
  return [EXIT.finding, EXIT.inconclusive].find((code) => codes.includes(code)) ?? EXIT.clean;
}

/** Whether a file begins like a recording, of the doctor or of a trial. */
export function isRecording(path: string): boolean {
  return beginningOf(path).startsWith('{"kind":"header"');
}

/** The beginning of a file; empty for what cannot be read, and for what can be read only once. */
function beginningOf(path: string): string {
  try {
    if (!statSync(path).isFile()) return "";
    const file = openSync(path, "r");
    try {
      const bytes = Buffer.alloc(NAMES_BYTES);
      return bytes.toString("utf8", 0, readSync(file, bytes));
    } finally {
      closeSync(file);
    }
  } catch {
    return "";
  }
}
