import { worst } from "../model/verdict.ts";
import { changedSetups } from "../report/changed-setup.ts";
import { runJson } from "../report/json.ts";
import type { VariantResult } from "../report/result.ts";
import { reportExperiment } from "../report/text.ts";
import { isExperimentFile } from "../runs/own-file.ts";
import { languageOf, parseOptions, type Command } from "./command.ts";
import { UsageError } from "../runs/errors.ts";
import { judgedAsExaminations } from "./doctor/file.ts";
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
Every line of a recording ends with a seal, a running digest. A recording is damaged if a line was
changed, deleted, added or moved. A damaged recording is not judged: the message has the line's number,
the other recordings are judged, and the exit code is 2. Recordings of older versions have no seals.

A recording of "lastack doctor --out" is diagnosed again, with its exit codes.

The claims are those of today. If the setup is another one than when the trial was recorded, judge says
so: the verdict is about the recorded setup.

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
    const asDoctor = await judgedAsExaminations(recordings, values.json === true, terminal);
    if (asDoctor !== null) return asDoctor;
    const unread: string[] = [];
    const groups = await judgeRecordings(recordings, files, (because) => unread.push(because));
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
    for (const because of unread) terminal.err(`lastack: ${because}`);
    const results = groups.flatMap((group) => group.results);
    const unsealed = unsealedSentence(results);
    if (unsealed !== null) terminal.note(unsealed);
    for (const changed of changedSetups(groups)) terminal.note(changed);
    const outcomes = results.map((result) => result.verdict.outcome);
    return exitOf(worst(unread.length === 0 ? outcomes : [...outcomes, "inconclusive"]));
  },
};

/** One sentence about recordings that have no seals; null when all have them. */
function unsealedSentence(results: VariantResult[]): string | null {
  const unsealed = results.filter(({ recording }) => recording?.sealed === false);
  if (unsealed.length === 0) return null;
  const which =
    results.length === 1
      ? "The recording is unsealed"
      : `${unsealed.length} of ${results.length} recordings are unsealed`;
  return `${which}: a line that was changed or deleted afterwards would not be noticed.`;
}
