import { worst } from "../model/verdict.ts";
import { runJson } from "../report/json.ts";
import { reportExperiment } from "../report/text.ts";
import { isExperimentFile } from "../runs/own-file.ts";
import { languageOf, parseOptions, type Command } from "./command.ts";
import { UsageError } from "../runs/errors.ts";
import { exitOf } from "./exit.ts";
import { judgeRecordings } from "../runs/recorded.ts";

const help = `lastack judge - judge recordings again; the same recording always gives the same verdict

Usage: lastack judge RECORDING.ndjson ... [./FILE.ts ...] [OPTIONS]

To judge a recording of your own experiment, also name the experiment's file.

  --verbose      all counters that changed, and the reason of every finding
  --lang en|zh   the language of claims and findings, as in "lastack run --lang" (default: en)
  --json         one JSON document, as from "lastack run --json"

In a Compose lab the observer of each host writes its own recording (buggy.client.ndjson and
buggy.server.ndjson). They are judged as one trial: name them all.

A recording that was cut off is read up to its last complete line, and its verdict is inconclusive.
A damaged recording is refused; the message has the line number.

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
    if (recordings.length === 0) throw new UsageError("judge needs at least one recording.");
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
