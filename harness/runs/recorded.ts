import { type Dirent, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { onOneAxis, trialsOf } from "../measure/axis.ts";
import type { Variant } from "../model/experiment.ts";
import type { Recording } from "../model/recording.ts";
import type { Setup } from "../model/setup.ts";
import { STARVED_FOLDER } from "../recording/place.ts";
import { readRecording } from "../recording/read.ts";
import { readingFailed, RecordingError } from "../recording/recording-error.ts";
import type { ExperimentResult, VariantResult } from "../report/result.ts";
import { judgeVariant } from "../verdict/judge.ts";
import { withBoundedClaims } from "./bounded-claims.ts";
import { select } from "./catalogue.ts";
import { checkJudge } from "./check/arguments.ts";
import { differences } from "./difference.ts";
import { InputError } from "./errors.ts";
import type { Entry } from "./own-file.ts";
import { noVariant } from "./plan.ts";
import type { TrialResult } from "./trial.ts";

/** The depth of a run's folder: ID/VARIANT.ndjson, or ID/VARIANT/2.ndjson with repetitions. */
const DEEPEST = 3;

/**
 * Judges recordings. The results are grouped by experiment, in the order in which the experiments first occur. `files` are the user's own
 * experiment files. Throws an InputError for a recording that cannot be read, or whose experiment is in neither the catalogue nor `files`,
 * or no longer has its variant; and a UsageError for arguments that it cannot take. With `onUnread`, a recording that cannot be read is
 * passed over when there are others that can, and `onUnread` gets the reason.
 */
export async function judgeRecordings(
  recordings: string[],
  files: string[] = [],
  onUnread?: (because: string) => void,
): Promise<ExperimentResult[]> {
  checkJudge(recordings, files, onUnread);
  const catalogue = await select(files, true);
  const read = openAll(recordings, onUnread);
  const results = trialsOf(read.map(({ recording }) => recording)).map(
    (parts): TrialResult & Pick<VariantResult, "changed"> => {
      const path = parts
        .map((part) => read.find(({ recording }) => recording === part)?.path ?? "")
        .join(" and ");
      const recording = onOneAxis(parts);
      const { variant } = recording.header;
      const [entry, setup] = trialIn(catalogue, recording, path, files);
      const changed = differences(recording.header.setup, setup);
      const verdict = judgeVariant(withBoundedClaims(entry.experiment), variant, recording);
      const seconds = lasted(recording.samples);
      return {
        ...entry,
        variant,
        repeat: undefined,
        verdict,
        recording,
        path,
        seconds,
        ...(changed.length > 0 && { changed }),
        interrupted: false,
        again: 0,
      };
    },
  );
  const experiments = [...new Set(results.map((result) => result.experiment))];
  return experiments.map((experiment) => ({
    experiment,
    results: results.filter((result) => result.experiment === experiment),
  }));
}

/**
 * The experiment that a recording is of, and the setup that its variant has today. Throws an InputError when there is no such experiment,
 * or when it has no such variant.
 */
function trialIn(entries: Entry[], { header }: Recording, path: string, files: string[]): [Entry, Setup] {
  const { experiment: id, variant } = header;
  const is = `${path} is a recording of ${id}/${variant}`;
  const entry = entries.find(({ experiment }) => experiment.id === id);
  if (entry === undefined) {
    const next =
      files.length === 0
        ? "which is not in the catalogue; for your own experiment, also name its file"
        : `which is neither in the catalogue nor in ${files.join(" or ")}; name the file that has it`;
    throw new InputError(`${is}, ${next}.`);
  }
  const { setup } = (entry.experiment.variants as Record<string, Variant | undefined>)[variant] ?? {};
  if (setup === undefined) throw new InputError(`${is}. ${noVariant(variant, [entry])}`);
  return [entry, setup];
}

function openAll(
  paths: string[],
  onUnread?: (because: string) => void,
): { path: string; recording: Recording }[] {
  const unread: InputError[] = [];
  const read = paths.flatMap((path) => {
    try {
      return [{ path, recording: openRecording(path) }];
    } catch (error) {
      if (onUnread === undefined || !(error instanceof InputError)) throw error;
      unread.push(error);
      return [];
    }
  });
  const [first] = unread;
  if (first !== undefined && read.length === 0 && unread.length === 1) throw first;
  for (const { message } of unread) onUnread?.(message);
  return read;
}

/** The recording in a file. Throws an InputError that says what is wrong with it. */
export function openRecording(path: string): Recording {
  try {
    return readRecording(path);
  } catch (error) {
    if (error instanceof RecordingError) throw new InputError(error.message);
    throw error;
  }
}

/** The paths of the recordings that words name: files, and all files in a run's folder. Throws an InputError for a folder without any. */
export function recordingsIn(words: string[]): string[] {
  return words.flatMap((word) => {
    if (!isFolder(word)) return [word];
    const found = recordingsBelow(word, DEEPEST);
    if (found.length === 0) throw new InputError(`${word} is a folder without recordings (.ndjson).`);
    return found;
  });
}

function recordingsBelow(folder: string, depth: number): string[] {
  if (depth === 0) return [];
  return entriesIn(folder)
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      // The first recordings of trials that were run again are in STARVED_FOLDER. They do not count; a user can still name them one by one.
      if (entry.isDirectory()) return entry.name === STARVED_FOLDER ? [] : recordingsBelow(path, depth - 1);
      return entry.name.endsWith(".ndjson") ? [path] : [];
    });
}

/** Whether a path is a folder. A path that the system refuses is none: reading it as a recording gives the reason. */
function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}

function entriesIn(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    throw new InputError(readingFailed("read the folder", folder, error).message);
  }
}

function lasted(samples: { atUs: number }[]): number {
  return Math.round((samples.at(-1)?.atUs ?? 0) / 1000) / 1000;
}
