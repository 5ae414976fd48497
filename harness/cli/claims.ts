import { STATEMENTS } from "../claims/statements.ts";
import { claimsJson } from "../report/claims-json.ts";
import type { Language } from "../model/text.ts";
import { reportClaim, reportClaims, type ClaimRow } from "../report/claims.ts";
import { loadCatalogue } from "../runs/catalogue.ts";
import { settleClaims } from "../runs/claims.ts";
import { describedIn } from "../runs/described.ts";
import { UsageError } from "../runs/errors.ts";
import { lastSettled, referenceSettled, type SettledRun } from "../runs/settled.ts";
import { suggest } from "../runs/suggest.ts";
import { languageOf, parseOptions, wholeNumber, type Command } from "./command.ts";
import { EXIT } from "./exit.ts";
import { dieWithNpm } from "./npm.ts";
import { openLaboratory } from "./open-laboratory.ts";
import { makeFolder, outFolder } from "./run-folder.ts";
import { shortPath, type Terminal } from "./terminal.ts";
import { watched } from "./watched.ts";

const help = `lastack claims - what five teaching documents say about TCP, settled on this kernel

Usage: lastack claims [ID ...] [--run] [OPTIONS]

Without --run it shows the last results, or, before the first run, what the recordings that come with lastack
show. With an id it explains: every condition that was tried, what was observed, and the trial to look at.

  --run          settle the claims here and now, by running the experiments that they need
  --lang en|zh   the language of the sentences; zh has the documents' own phrases (default: en)
  --jobs N       trials at a time (default: as many as the processors have room for)
  --out DIR      where recordings go (default: results/runs)
  --json         one JSON document on standard output

Verdicts: holds; holds with limits (a condition that the claim does not exclude breaks it: everyday limits are met
with default settings and ordinary programs, rare ones are not); refuted; obsolete (refuted here, and true elsewhere
or once); not testable; inconclusive. In each area, what misleads in practice comes first.

Exits 0 when every claim is settled, whatever the verdicts, and 2 when one is inconclusive. Ctrl+C settles what the
recordings so far allow, and exits 130.

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
      : { settled: lastSettled(out, ids) ?? (await withLastack(ids)), interrupted: false };
    const rows = rowsOf(ids, settled);
    if (values.json) terminal.out(JSON.stringify(claimsJson(rows, settled.kernel, language), null, 2));
    else print(rows, { settled, isExplained: positionals.length > 0, language }, terminal);
    if (interrupted) return EXIT.interrupted;
    return rows.some(({ result }) => result.verdict === "inconclusive") ? EXIT.inconclusive : EXIT.clean;
  },
};

/** The claims that are meant, in the book's order. Throws UsageError for one that there is not. */
function idsOf(words: string[]): string[] {
  const all = STATEMENTS.map(({ id }) => id);
  const unknown = words.find((word) => !all.includes(word));
  if (unknown !== undefined) {
    throw new UsageError(
      `There is no claim ${unknown}.${suggest(unknown, all)} "lastack claims" lists them.`,
    );
  }
  return all.filter((id) => words.length === 0 || words.includes(id));
}

/** What the recordings that come with lastack show. */
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
  // The lab goes with it.
  dieWithNpm("SIGKILL");
  const lab = await openLaboratory(terminal);
  try {
    const folder = makeFolder(out);
    const run = await watched(terminal, (watch, signal) =>
      settleClaims(ids, catalogue, lab, { folder, jobs, watch, signal }),
    );
    if (run.others !== null) terminal.err(run.others);
    terminal.err(`Recordings: ${shortPath(folder)}`);
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

/** What a reader must know of where results are from; null when they were made just now. */
function sourceOf({ from, kernel }: SettledRun): string | null {
  if (from === "now") return null;
  return from === "lastack"
    ? `These are of recordings that come with lastack, made on Linux ${kernel}; --run settles the claims on this kernel.`
    : `Settled by the run ${shortPath(from.folder)}, on Linux ${kernel}.`;
}
