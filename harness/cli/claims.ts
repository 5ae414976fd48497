import { STATEMENTS } from "../claims/statements.ts";
import { claimsJson } from "../report/claims-json.ts";
import type { Language } from "../model/text.ts";
import { listClaims } from "../report/claims-list.ts";
import { reportClaim, reportClaims, type ClaimRow } from "../report/claims.ts";
import { loadCatalogue } from "../runs/catalogue.ts";
import { AREA_CHOICES, chosenIds, withVerdict } from "../runs/claim-choice.ts";
import { settleClaims } from "../runs/claims.ts";
import { describedIn } from "../runs/described.ts";
import { RecordingError } from "../recording/recording-error.ts";
import { InputError, UsageError } from "../runs/errors.ts";
import { lastSettled, referenceSettled, type SettledRun } from "../runs/settled.ts";
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
recordings that come with lastack. It prints one line a claim; --verbose adds what was observed and why.
With an ID it prints every condition that was tried, what was observed, in which trial, and the packets or
the sockets. C14 means C14a, C14b and C14c.

  --verdict V    only claims with this verdict: holds, holds-with-limits (everyday-limits or rare-limits),
                 refuted, obsolete, not-testable, inconclusive; can be repeated
  --area NAME    only claims of this area; can be repeated. The areas: ${AREA_CHOICES.slice(0, 5).join(", ")},
                 ${AREA_CHOICES.slice(5).join(", ")}
  --verbose      what was observed, and why, below each claim
  --connection N  with an ID: draw this connection of the first trial that is shown
  --run          run the experiments that the claims need on this kernel, and settle the claims from them
  --lang en|zh   the language of the sentences; zh quotes the documents' own phrases (default: en)
  --jobs N       trials at the same time (default: as many as the processors can run)
  --out DIR      the folder of the runs: where --run writes, and where the results of the last run are read
                 (default: results/runs)
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
  lastack claims --verdict refuted --area time-wait
  lastack claims C14a C14c --run --lang zh`;

const OPTIONS = {
  run: { type: "boolean", default: false },
  verdict: { type: "string", multiple: true, default: [] as string[] },
  area: { type: "string", multiple: true, default: [] as string[] },
  verbose: { type: "boolean", default: false },
  connection: { type: "string" },
  lang: { type: "string", default: "en" },
  jobs: { type: "string" },
  out: { type: "string" },
  json: { type: "boolean", default: false },
} as const;

export const command: Command = {
  help,
  async run(args, terminal) {
    const { values, positionals } = parseOptions(args, OPTIONS, { jobs: "run" });
    const ids = chosenIds(positionals, values.area);
    withVerdict([], values.verdict);
    const language = languageOf(values.lang);
    const jobs = values.jobs === undefined ? undefined : wholeNumber(values.jobs, "--jobs", 1, 64);
    const connection = connectionOf(values, positionals);
    const out = outFolder(values.out);
    const { settled, interrupted } = values.run
      ? await settleHere(ids, { jobs, out }, terminal)
      : { settled: earlier(out, ids) ?? (await withLastack(ids)), interrupted: false };
    const all = rowsOf(ids, settled);
    const rows = withVerdict(all, values.verdict);
    if (settled.from === "lastack" && values.out !== undefined)
      terminal.note(
        `No run in ${shortPath(out)} has settled ${ids.length === 1 ? "this claim" : "all of these claims"}.`,
      );
    if (values.json) terminal.out(JSON.stringify(claimsJson(rows, settled.kernel, language), null, 2));
    else if (rows.length === 0) terminal.out(noneOf(all.length, values.verdict));
    else {
      const isExplained = positionals.length > 0;
      print(rows, { settled, isExplained, isVerbose: values.verbose, connection, language }, terminal);
    }
    if (interrupted) return EXIT.interrupted;
    return rows.some(({ result }) => result.verdict === "inconclusive") ? EXIT.inconclusive : EXIT.clean;
  },
};

function noneOf(claims: number, verdicts: string[]): string {
  const which = claims === 1 ? "The claim does not have" : `None of these ${claims} claims has`;
  return `${which} ${verdicts.length === 1 ? "this verdict" : "one of these verdicts"}.`;
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
    if (run.others !== null) terminal.note(run.others);
    printFolder(folder, terminal);
    return run;
  } finally {
    await lab.close();
  }
}

/** The connection that --connection names. Throws UsageError where none is drawn. */
function connectionOf(
  { connection: word, json }: { connection?: string; json: boolean },
  ids: string[],
): number | undefined {
  if (word === undefined) return undefined;
  if (json) throw new UsageError("--connection draws a connection, and --json has no drawings.");
  if (ids.length === 0) throw new UsageError("--connection needs the ID of a claim.");
  return wholeNumber(word, "--connection", 1, 1_000_000);
}

function rowsOf(ids: string[], { results }: SettledRun): ClaimRow[] {
  return STATEMENTS.filter(({ id }) => ids.includes(id)).flatMap((statement) => {
    const result = results.find(({ id }) => id === statement.id);
    return result === undefined ? [] : [{ statement, result }];
  });
}

interface Printed {
  settled: SettledRun;
  isExplained: boolean;
  isVerbose: boolean;
  connection: number | undefined;
  language: Language;
}

function print(
  rows: ClaimRow[],
  { settled, isExplained, isVerbose, connection, language }: Printed,
  { out, note, colour, columns, rowColumns }: Terminal,
): void {
  const options = { colour, columns, language };
  if (isExplained) {
    for (const row of rows) {
      out(
        reportClaim(row, settled.recorded, { ...options, ...(connection !== undefined && { connection }) }),
      );
    }
  } else if (isVerbose) out(reportClaims(rows, settled.kernel, options));
  else {
    out(listClaims(rows, settled.kernel, { ...options, columns: rowColumns }));
    note('"lastack claims ID" explains a claim, and --verbose prints what was observed and why.');
  }
  const from = sourceOf(settled);
  if (from !== null) note(from);
}

/** One sentence that says where the results come from; null when this command has just made them. */
function sourceOf({ from, kernel }: SettledRun): string | null {
  if (from === "now") return null;
  return from === "lastack"
    ? `These results are from the recordings that come with lastack, made on Linux ${kernel}; --run settles the claims on this kernel.`
    : `These results are from the run ${shortPath(from.folder)}, made on Linux ${kernel}.`;
}
