import { countText, reportPastRuns } from "../report/past-runs.ts";
import { InputError, UnavailableError } from "../runs/errors.ts";
import { pastRuns, pruneRuns } from "../runs/past-runs.ts";
import { RecordingError } from "../recording/recording-error.ts";
import { parseOptionsOnly, wholeNumber, type Command } from "./command.ts";
import { EXIT } from "./exit.ts";
import { outFolder } from "./run-folder.ts";
import { shortPath, type Terminal } from "./terminal.ts";

const help = `lastack runs - list the runs whose recordings are kept, and delete old ones

Usage: lastack runs [--prune N] [OPTIONS]

Each run of "lastack run", "lastack claims --run" and "lastack compare" keeps its recordings in a folder of its
own. The list has the oldest run first.

  --prune N   delete all runs except the last N; only folders that are named like runs are deleted
  --out DIR   the folder that the runs are in (default: results/runs)
  --json      one JSON document: {folder, runs: [{name, startedAt, bytes, recordings,
              experiments, outcome, claims}], deleted: [NAME]}

A run that has not ended is not deleted.

Examples:
  lastack runs
  lastack runs --prune 20
  lastack runs --json | jq '.runs[-1].name'`;

const MOST_KEPT = 1_000_000;

export const command: Command = {
  help,
  run(args, terminal) {
    return Promise.resolve(listOrPrune(args, terminal));
  },
};

function listOrPrune(args: string[], terminal: Terminal): number {
  const { values } = parseOptionsOnly(args, {
    prune: { type: "string" },
    out: { type: "string" },
    json: { type: "boolean", default: false },
  });
  const keep = values.prune === undefined ? null : wholeNumber(values.prune, "--prune", 0, MOST_KEPT);
  const out = outFolder(values.out);
  const folder = shortPath(out);
  const { deleted, running } = keep === null ? { deleted: [], running: [] } : pruned(out, keep);
  const runs = listed(out);
  if (values.json) {
    const names = deleted.map(({ name }) => name);
    terminal.out(JSON.stringify({ folder, runs, deleted: names }, null, 2));
  } else if (keep === null) terminal.out(reportPastRuns(runs, folder, terminal.rowColumns));
  else terminal.out(`Deleted: ${countText(deleted)}. Left in ${folder}: ${countText(runs)}.`);
  for (const { name } of running) {
    terminal.note(
      `${name} was not deleted: it was written to within the last minute, and may still be running.`,
    );
  }
  return EXIT.clean;
}

function listed(out: string): ReturnType<typeof pastRuns> {
  try {
    return pastRuns(out);
  } catch (error) {
    if (error instanceof RecordingError) throw new InputError(error.message);
    throw error;
  }
}

function pruned(out: string, keep: number): ReturnType<typeof pruneRuns> {
  listed(out);
  try {
    return pruneRuns(out, keep);
  } catch (error) {
    if (error instanceof RecordingError) throw new UnavailableError(`lastack: ${error.message}`);
    throw error;
  }
}
