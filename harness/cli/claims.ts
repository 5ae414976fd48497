import { STATEMENTS } from "../claims/statements.ts";
import { claimsJson } from "../report/claims-json.ts";
import type { Language } from "../model/text.ts";
import { reportClaim, reportClaims, type ClaimRow } from "../report/claims.ts";
import { loadCatalogue } from "../runs/catalogue.ts";
import { settleClaims } from "../runs/claims.ts";
import { describedIn } from "../runs/described.ts";
import { RecordingError } from "../recording/recording-error.ts";
import { InputError, UsageError } from "../runs/errors.ts";
import { lastSettled, referenceSettled, type SettledRun } from "../runs/settled.ts";
import { suggest } from "../recording/suggest.ts";
import { languageOf, parseOptions, wholeNumber, type Command } from "./command.ts";
import { EXIT } from "./exit.ts";
import { dieWithNpm } from "./npm.ts";
import { openLaboratory } from "./open-laboratory.ts";
import { makeFolder, outFolder, printFolder } from "./run-folder.ts";
import { shortPath, type Terminal } from "./terminal.ts";
import { watched } from "./watched.ts";

const help = `lastack claims - what five teaching documents say about TCP, settled on this kernel

Usage: lastack claims [ID ...] [--run] [OPTIONS]

Without --run it prints the results of the last run. Before the first run, it prints the results from the
recordings that come with lastack. With an ID it prints every condition that was tried, what was observed,
and in which trial.

  --run          run the experiments that the claims need on this kernel, and settle the claims from them
  --lang en|zh   the language of the sentences; zh quotes the documents' own phrases (default: en)
  --jobs N       trials at the same time (default: as many as the processors can run)
  --out DIR      the folder for recordings (default: results/runs)
  --json         one JSON document on standard output

Verdicts:
  holds
  holds with limits   a condition that the claim does not exclude breaks it; everyday limits occur with
                      default settings and ordinary programs, rare limits do not
  refuted
  obsolete            refuted on this kernel, but true elsewhere or in the past
  not testable
  inconclusive
In each area, the claims that mislead most in practice come first.

Exits 0 when every claim is settled, whatever the verdict, and 2 when a claim is inconclusive. Ctrl+C settles
the claims from what is recorded so far, and exits 130.

Examples:
  lastack claims --run
  lastack claims C38
  lastack claims C14a C14c --run --lang zh`;

const OPTIONS = {
  run: { type: "boolean", default: false },
  lang: { type: "string", default: "en" },
  jobs: { type: "string" },
  out: { type: "string" },
  json: { type: "boolean", default: false },
} as const;

export const command: Command = {
  help,
  async run(args, terminal) {
    const { values, positionals } = parseOptions(args, OPTIONS);
    const ids = idsOf(positionals);
    const language = languageOf(values.lang);
    const jobs = values.jobs === undefined ? undefined : wholeNumber(values.jobs, "--jobs", 1, 64);
    const out = outFolder(values.out);
    const { settled, interrupted } = values.run
      ? await settleHere(ids, { jobs, out }, terminal)
      : { settled: earlier(out, ids) ?? (await withLastack(ids)), interrupted: false };
    const rows = rowsOf(ids, settled);
    if (values.json) terminal.out(JSON.stringify(claimsJson(rows, settled.kernel, language), null, 2));
    else print(rows, { settled, isExplained: positionals.length > 0, language }, terminal);
    if (interrupted) return EXIT.interrupted;
    return rows.some(({ result }) => result.verdict === "inconclusive") ? EXIT.inconclusive : EXIT.clean;
  },
};

/** The ids of the chosen claims, in the order of STATEMENTS; all ids without a choice. Throws UsageError for an unknown id. */
function idsOf(words: string[]): string[] {
  const all = STATEMENTS.map(({ id }) => id);
  const unknown = words.find((word) => !all.includes(word));
  if (unknown !== undefined) {
    throw new UsageError(
      `There is no claim ${unknown}.${suggest(unknown, all)} "lastack claims" lists all claims.`,
    );
  }
  return all.filter((id) => words.length === 0 || words.includes(id));
}

/** The results of an earlier run, if there are any. Throws an InputError for a folder that cannot be read. */
function earlier(out: string, ids: string[]): SettledRun | null {
  try {
    return lastSettled(out, ids);
  } catch (error) {
    if (error instanceof RecordingError) throw new InputError(error.message);
    throw error;
  }
}

/** Settles the claims from the recordings that come with lastack. */
async function withLastack(ids: string[]): Promise<SettledRun> {
  return referenceSettled(ids, describedIn(await loadCatalogue()));
}

/** Runs the trials that the claims need, and settles them. */
async function settleHere(
  ids: string[],
  { jobs, out }: { jobs: number | undefined; out: string },
  terminal: Terminal,
): Promise<{ settled: SettledRun; interrupted: boolean }> {
  const catalogue = await loadCatalogue();
  // SIGKILL is safe: the lab ends together with this process.
  dieWithNpm("SIGKILL");
  const lab = await openLaboratory(terminal);
  try {
    const folder = makeFolder(out);
    const run = await watched(terminal, (watch, signal) =>
      settleClaims(ids, catalogue, lab, { folder, jobs, watch, signal }),
    );
    if (run.others !== null) terminal.err(run.others);
    printFolder(folder, terminal);
    return run;
  } finally {
    await lab.close();
  }
}

function rowsOf(ids: string[], { results }: SettledRun): ClaimRow[] {
  return STATEMENTS.filter(({ id }) => ids.includes(id)).flatMap((statement) => {
    const result = results.find(({ id }) => id === statement.id);
    return result === undefined ? [] : [{ statement, result }];
  });
}

function print(
  rows: ClaimRow[],
  { settled, isExplained, language }: { settled: SettledRun; isExplained: boolean; language: Language },
  { out, err, colour, columns }: Terminal,
): void {
  const options = { colour, columns, language };
  if (isExplained) {
    for (const row of rows) {
      out(reportClaim(row, settled.recorded(row.result.experiment), options));
    }
  } else out(reportClaims(rows, settled.kernel, options));
  const from = sourceOf(settled);
  if (from !== null) err(from);
}

/** One sentence that says where the results come from; null when this command has just made them. */
function sourceOf({ from, kernel }: SettledRun): string | null {
  if (from === "now") return null;
  return from === "lastack"
    ? `These results are from the recordings that come with lastack, made on Linux ${kernel}; --run settles the claims on this kernel.`
    : `These results are from the run ${shortPath(from.folder)}, made on Linux ${kernel}.`;
}
