import { readEvidence, type SavedEvidence } from "../../diagnosis/saved/evidence.ts";
import { NoEvidence, readFiles } from "../../diagnosis/saved/files.ts";
import { examineSaved } from "../../diagnosis/saved/patients.ts";
import { redactedEvidence } from "../../diagnosis/saved/redacted.ts";
import { inWords } from "../../report/saved.ts";
import { InputError, UsageError } from "../../runs/errors.ts";
import { diagnoseFile, isRecording, print, refuseNobody, type Work } from "./file.ts";
import { exitOfDiagnosis } from "../exit.ts";
import type { Terminal } from "../terminal.ts";

/** Diagnoses what was saved: a recording of the doctor, or the texts of other programs. Returns the exit code. */
export function diagnoseSaved(
  names: readonly string[],
  interval: string | undefined,
  work: Work,
  terminal: Terminal,
): number {
  const intervalS = interval === undefined ? null : secondsOf(interval);
  const recording = names.find(isRecording);
  if (recording === undefined) return diagnoseTexts(names, intervalS, work, terminal);
  if (names.length > 1) throw new UsageError(`${recording} is a recording: name it alone.`);
  if (intervalS !== null)
    throw new UsageError(`${recording} is a recording, and has its times: leave --interval out.`);
  return diagnoseFile(recording, work, terminal);
}

/** Diagnoses texts. Throws InputError for files that are not there, or show nothing of TCP. */
function diagnoseTexts(
  names: readonly string[],
  intervalS: number | null,
  work: Work,
  terminal: Terminal,
): number {
  const { asked, out, redaction } = work;
  if (out !== null)
    throw new UsageError(
      "--out writes a recording, which has every column, and a text has only some: leave --out out, and keep the text.",
    );
  const read = evidenceIn(names, intervalS);
  const evidence = redaction === null ? read : redactedEvidence(read, redaction);
  refuseEmpty(names, evidence);
  const examination = examineSaved(evidence, asked.port);
  const diagnosis = work.diagnose(examination, asked);
  refuseNobody("The saved text", diagnosis);
  print(work, { examination, diagnosis }, terminal);
  return exitOfDiagnosis(diagnosis);
}

function refuseEmpty(names: readonly string[], { looks, counters, unused, unreadable }: SavedEvidence): void {
  if (looks.length > 0 || counters !== null) return;
  const [line] = unreadable;
  const first =
    line === undefined
      ? ""
      : ` The first line that cannot be read is ${line.file}:${line.line}: ${line.because}.`;
  const others = unused.length === 0 ? "" : ` Not used: ${unused.map(inWords).join("; ")}.`;
  throw new InputError(
    `There is no socket and no counter to judge in ${names.join(", ")}: neither the text of ss or netstat, nor that of nstat, /proc/net/netstat or /proc/net/snmp twice.${others}${first}`,
  );
}

function evidenceIn(names: readonly string[], intervalS: number | null): SavedEvidence {
  try {
    return readEvidence(readFiles(names), intervalS);
  } catch (error) {
    if (error instanceof NoEvidence) throw new InputError(error.message);
    throw error;
  }
}

/** `2`, `0.5`. */
function secondsOf(text: string): number {
  const seconds = Number(text);
  if (!/^\d+(?:\.\d+)?$/.test(text) || seconds <= 0 || seconds > 86_400)
    throw new UsageError(`--interval takes seconds, more than 0 and at most 86400, and ${text} is not that.`);
  return seconds;
}
