import { worst } from "../model/verdict.ts";
import { attributionsJson, attributionText } from "../report/attribution.ts";
import { changedSetups } from "../report/changed-setup.ts";
import { runJson } from "../report/json.ts";
import { hasLadder, ladder } from "../report/ladder.ts";
import { reportExperiment } from "../report/text.ts";
import { isExperimentFile } from "../runs/own-file.ts";
import { parseOptions, wholeNumber, type Command } from "./command.ts";
import { InputError, UsageError } from "../runs/errors.ts";
import { judgedAsExaminations } from "./doctor/file.ts";
import { EXIT, exitOf } from "./exit.ts";
import { judgeRecordings, openRecording, recordingsIn } from "../runs/recorded.ts";
import type { Terminal } from "./terminal.ts";

const help = `lastack report - print recordings again: the figures and the verdict, or every segment

Usage: lastack report RUN or RECORDING.ndjson ... [./FILE.ts ...] [OPTIONS]

RUN is the folder of a run; all recordings in it are reported. To report a recording of your own experiment,
also name the experiment's file. --ladder and --ends do not need that file.

  --ladder        the segments of one connection, with the states and the calls at both ends beside them
  --ends          who closed or reset each connection, and why, with the evidence (docs/attribution.md)
  --connection N  with --ladder: connection N of the link, counted from 1 (default: 1)
  --link N        with --ladder: wire N of the setup, counted from 0 (default: the first that carried a segment)
  --verbose       all counters that changed, and the reason of every finding
  --json          one JSON document, as from "lastack run --json"; with --ends, a list of the recordings' ends

A recording of "lastack doctor --out" is diagnosed again, with its exit codes.

Exits 0, 1 or 2 like "lastack run". With --ladder it exits 0, or 2 when no such connection was recorded.
With --ends it exits 0.

Examples:
  lastack report results/reference/close-wait-leak/buggy.ndjson
  lastack report results/runs/2026-11-21T05-44-23Z
  lastack report results/runs/2026-11-21T05-44-23Z/last-ack-lost --ladder
  lastack report results/reference/linger-zero-reset/buggy.ndjson --ends
  lastack report results/reference/last-ack-lost/port-used-again.ndjson --ladder --connection 2`;

const OPTIONS = {
  ladder: { type: "boolean" },
  ends: { type: "boolean" },
  connection: { type: "string" },
  link: { type: "string" },
  verbose: { type: "boolean" },
  json: { type: "boolean" },
} as const;

const MOST_CONNECTIONS = 1_000_000_000;

export const command: Command = {
  help,
  async run(args, terminal) {
    const { values, positionals } = parseOptions(args, OPTIONS, { connection: "ladder", link: "ladder" });
    const words = positionals.filter((word) => !isExperimentFile(word));
    if (words.length === 0)
      throw new UsageError("report needs the folder of a run or at least one recording.");
    const wants = {
      ...(values.connection !== undefined && {
        connection: wholeNumber(values.connection, "--connection", 1, MOST_CONNECTIONS),
      }),
      ...(values.link !== undefined && { link: wholeNumber(values.link, "--link", 0, 99) }),
    };
    if (values.ends === true) {
      if (values.ladder === true)
        throw new UsageError("--ladder and --ends print different things: give one.");
      if (values.verbose === true)
        throw new UsageError("--verbose adds nothing to --ends, which prints all of the evidence.");
      return printEnds(recordingsIn(words), values.json === true, terminal);
    }
    if (values.ladder === true) {
      if (values.json === true)
        throw new UsageError("--ladder prints text only: the recording already has the segments as JSON.");
      if (values.verbose === true)
        throw new UsageError("--verbose adds nothing to --ladder, which prints every segment.");
      return printLadders(recordingsIn(words), wants, terminal);
    }
    const asDoctor = await judgedAsExaminations(recordingsIn(words), values.json === true, terminal);
    if (asDoctor !== null) return asDoctor;
    const unread: string[] = [];
    const own = positionals.filter(isExperimentFile);
    const groups = await judgeRecordings(recordingsIn(words), own, (because) => unread.push(because));
    if (values.json === true) terminal.out(JSON.stringify(runJson(groups), null, 2));
    else {
      const { colour, columns } = terminal;
      const options = { colour, columns, verbose: values.verbose === true, pressure: true };
      for (const group of groups) terminal.out(reportExperiment(group.experiment, group.results, options));
    }
    for (const because of unread) terminal.err(`lastack: ${because}`);
    for (const changed of changedSetups(groups)) terminal.note(changed);
    const outcomes = groups.flatMap(({ results }) => results.map(({ verdict }) => verdict.outcome));
    return exitOf(worst(unread.length === 0 ? outcomes : [...outcomes, "inconclusive"]));
  },
};

/** Prints who closed and reset the connections of each recording. */
function printEnds(paths: string[], isJson: boolean, { out, colour, columns }: Terminal): number {
  const recordings = paths.map(openRecording);
  if (isJson) out(JSON.stringify(recordings.map(attributionsJson), null, 2));
  else for (const recording of recordings) out(attributionText(recording, { columns, colour }));
  return EXIT.clean;
}

/**
 * Prints the ladder of each recording. A recording without such a connection is named on standard error and skipped; when it is the only
 * recording, this throws an InputError.
 */
function printLadders(
  paths: string[],
  wants: { connection?: number; link?: number },
  { out, err, colour, rowColumns }: Terminal,
): number {
  let shown = 0;
  for (const path of paths) {
    const recording = openRecording(path);
    const drawn = ladder(recording, { ...wants, columns: rowColumns, colour });
    if (hasLadder(recording, wants)) {
      out(drawn);
      shown += 1;
    } else if (paths.length === 1) throw new InputError(`${path}: ${drawn}.`);
    else err(`lastack: ${path}: ${drawn}.`);
  }
  return shown > 0 ? EXIT.clean : EXIT.inconclusive;
}
