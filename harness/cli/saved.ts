import type { Examination } from "../diagnosis/examine.ts";
import { readEvidence, type SavedEvidence } from "../diagnosis/saved/evidence.ts";
import { NoEvidence, readFiles } from "../diagnosis/saved/files.ts";
import { examineSaved } from "../diagnosis/saved/patients.ts";
import { InputError } from "../runs/errors.ts";

/** The examination of files that somebody saved. Throws InputError for files that are not there, or show nothing of TCP. */
export function savedExamination(names: readonly string[], intervalS: number | null): Examination {
  const evidence = evidenceIn(names, intervalS);
  if (evidence.looks.length === 0 && evidence.counters === null) {
    const [line] = evidence.unreadable;
    const first =
      line === undefined
        ? ""
        : ` The first line that cannot be read is ${line.file}:${line.line}: ${line.because}.`;
    const unused = evidence.unused.length === 0 ? "" : ` Not used: ${evidence.unused.join("; ")}.`;
    throw new InputError(
      `There is no socket and no counter to judge in ${names.join(", ")}: neither the text of ss or netstat, nor that of nstat, /proc/net/netstat or /proc/net/snmp twice.${unused}${first}`,
    );
  }
  return examineSaved(evidence);
}

function evidenceIn(names: readonly string[], intervalS: number | null): SavedEvidence {
  try {
    return readEvidence(readFiles(names), intervalS);
  } catch (error) {
    if (error instanceof NoEvidence) throw new InputError(error.message);
    throw error;
  }
}
