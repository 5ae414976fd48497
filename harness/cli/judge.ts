import { worst } from "../model/verdict.ts";
import { runJson } from "../report/json.ts";
import { reportExperiment } from "../report/text.ts";
import { isExperimentFile } from "../runs/catalogue.ts";
import { languageOf, parseOptions, type Command } from "./command.ts";
import { UsageError } from "../runs/errors.ts";
import { exitOf } from "./exit.ts";
import { judgeRecordings } from "../runs/recorded.ts";

const help = `lastack judge - judge recordings again: the same recording gives the same verdict, years later too

Usage: lastack judge RECORDING.ndjson ... [./FILE.ts ...] [OPTIONS]

A recording of an experiment of your own is judged by the file that it came from: name that too.

  --verbose      all counters that moved, and every finding's reason
  --lang en|zh   the language of claims and findings, as "lastack run --lang" (default: en)
  --json         one JSON document, as "lastack run --json"

Recordings of one trial, each made by the observer of one host (buggy.client.ndjson and
buggy.server.ndjson of a Compose lab), are judged as one: name them all.

A recording that was cut off is read to its last whole line and is inconclusive; a damaged one is
refused with the number of the line.

Examples:
  lastack judge results/reference/close-wait-leak/buggy.ndjson
  lastack judge results/runs/*/close-wait-leak/*.ndjson --json
  lastack judge results/runs/2026-11-21T05-44-23Z/mine/plain.ndjson ./mine.ts`;

export const command: Command = {
  help,
  async run(args, terminal) {
    const { values, positionals } = parseOptions(args, {
      verbose: { type: "boolean" },
      lang: { type: "string", default: "en" },
      json: { type: "boolean" },
    });
    const files = positionals.filter(isExperimentFile);
    const recordings = positionals.filter((word) => !isExperimentFile(word));
    if (recordings.length === 0) throw new UsageError("judge takes one recording or more.");
    const language = languageOf(values.lang);
    const groups = await judgeRecordings(recordings, files);
    if (values.json === true) terminal.out(JSON.stringify(runJson(groups, language), null, 2));
    else {
      const options = {
        colour: terminal.colour,
        columns: terminal.columns,
        verbose: values.verbose === true,
        language,
      };
      for (const group of groups) terminal.out(reportExperiment(group.experiment, group.results, options));
    }
    return exitOf(worst(groups.flatMap(({ results }) => results.map((result) => result.verdict.outcome))));
  },
};
