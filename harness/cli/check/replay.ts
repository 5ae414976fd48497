import { isFailure, type ProbeDocument } from "../../check/document.ts";
import { lastCheck, type Remembered } from "../../check/memory.ts";
import type { CheckTarget } from "../../check/target.ts";
import { type Wanted, wantedOf } from "../../check/wanted.ts";
import { PROBES } from "../../probes/all.ts";
import { RecordingError } from "../../recording/recording-error.ts";
import { InputError } from "../../runs/errors.ts";
import { shortPath } from "../terminal.ts";

/**
 * The probes that failed in the last check in a folder, against the same server. Words that are given now count instead of those of that
 * check. Throws an InputError when there is nothing to replay.
 */
export function replayed(out: string, given: CheckTarget): Wanted {
  const { target, failed, folder } = last(out);
  const known = failed.filter((id) => PROBES.some((probe) => probe.id === id));
  if (known.length === 0)
    throw new InputError(
      `No probe failed in the last check, ${shortPath(folder)}: there is nothing to replay.`,
    );
  const command = given.command.length > 0 ? given.command : target.command;
  return wantedOf({ command, options: { ...target.options, ...given.options } }, known);
}

function last(out: string): Remembered {
  try {
    const found = lastCheck(out);
    if (found !== null) return found;
  } catch (error) {
    if (error instanceof RecordingError) throw new InputError(error.message);
    throw error;
  }
  throw new InputError(`There is no check in ${shortPath(out)} to replay.`);
}

/** Whether a probe that failed before is fixed now; null when that was not decided. */
export function fixedIn(strict: boolean): (probe: ProbeDocument) => boolean | null {
  return ({ outcome }) => {
    if (outcome === "inconclusive" || outcome === "skip") return null;
    return !isFailure(outcome, strict);
  };
}
