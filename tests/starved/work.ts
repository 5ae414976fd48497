import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { tryMutations } from "../mutations/mutations.ts";
import { type Ended, runProgram } from "../mutations/program.ts";
import { unconfirmedLines, verdictsOf } from "../rounds/verdicts.ts";
import { claimsOf, heldAgainst } from "./book.ts";
import { type Checkout, lastackOf } from "./checkout.ts";
import { countsOf, type Round } from "./round.ts";
import type { Work } from "./row.ts";
import { startWatch } from "./stopwatch.ts";

/** The checkout and the folder of a round. */
export interface Place {
  checkout: Checkout;
  /** A folder of the round's own, for recordings. */
  folder: string;
  signal: AbortSignal;
}

/** The results of a round: how many have each outcome, in which time, and lines about results that are not as they should be. */
export interface Done extends Omit<Round, "side" | "beside" | "unsound"> {
  lines: string[];
}

/** What one round of each kind of row does. All of them throw when there is no result that can be counted. */
export const WORK: Record<Work, (place: Place) => Promise<Done>> = {
  tour: (place) => run([], place),
  catalogue: (place) => run(["--all"], place),
  claims: settle,
  mutations: mutate,
  tests: test,
};

async function run(which: string[], place: Place): Promise<Done> {
  const took = startWatch();
  const ended = await lastack(["run", ...which, "--json", "--out", place.folder], place, [0, 1, 2]);
  const watched = took();
  const verdicts = verdictsOf(ended.stdout);
  const counts = countsOf(verdicts.map(({ outcome }) => outcome));
  return { counts, lines: unconfirmedLines(verdicts), ...trialsIn(place.folder), ...watched };
}

async function settle(place: Place): Promise<Done> {
  // In a folder without runs, the claims are those of the reference recordings.
  const nowhere = join(place.folder, "none");
  const book = await lastack(["claims", "--json", "--out", nowhere], place, [0, 2]);
  const took = startWatch();
  const ended = await lastack(["claims", "--run", "--json", "--out", place.folder], place, [0, 2]);
  const watched = took();
  return {
    ...heldAgainst(claimsOf(book.stdout), claimsOf(ended.stdout)),
    ...trialsIn(place.folder),
    ...watched,
  };
}

async function mutate({ signal }: Place): Promise<Done> {
  const cameTo: Record<string, string> = { 0: "confirmed", 1: "refuted", 2: "inconclusive" };
  const came = (exit: number | null): string => cameTo[String(exit)] ?? "without a verdict";
  const took = startWatch();
  const tried = await tryMutations(({ name, exit }) => console.log(`  ${came(exit)}: ${name}`), signal);
  const counts = countsOf(tried.map(({ exit }) => came(exit)));
  if ((counts["without a verdict"] ?? 0) > 0)
    throw new Error(`${counts["without a verdict"]} without a verdict`);
  const lines = tried.filter(({ exit }) => exit === 0).map(({ name }) => `  confirmed ${name}`);
  return { counts, lines, trials: tried.length, again: 0, repetitions: 0, ...took() };
}

async function test({ checkout, folder, signal }: Place): Promise<Done> {
  const took = startWatch();
  const ended = await runProgram(["npm", "test"], { folder: checkout.folder, signal });
  keepSaid(folder, ended);
  const isPassed = ended.exit === 0;
  const lines = isPassed ? [] : [`  exit ${ended.exit}`, lastLines(ended.stdout)];
  return {
    counts: { [isPassed ? "passed" : "failed"]: 1 },
    trials: 0,
    again: 0,
    repetitions: 0,
    lines,
    ...took(),
  };
}

/** Runs lastack, and throws when it ends without a verdict. */
async function lastack(
  args: string[],
  { checkout, folder, signal }: Place,
  verdicts: number[],
): Promise<Ended> {
  const ended = await runProgram([...lastackOf(checkout), ...args], { signal });
  if (verdicts.includes(ended.exit ?? -1)) return ended;
  keepSaid(folder, ended);
  throw new Error(`lastack ended with exit code ${ended.exit} and printed: ${lastLines(ended.stderr)}`);
}

function keepSaid(folder: string, { stdout, stderr }: Ended): void {
  writeFileSync(join(folder, "stdout.txt"), stdout);
  writeFileSync(join(folder, "stderr.txt"), stderr);
}

function lastLines(text: string): string {
  return text.trimEnd().split("\n").slice(-12).join("\n");
}

/** Counts the trials with recordings in a folder, and the recordings that were put aside because their trials were run again. */
function trialsIn(folder: string): Pick<Round, "trials" | "again" | "repetitions"> {
  const names = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) =>
    name.endsWith(".ndjson"),
  );
  const repetitions = names.filter((name) => /\.starved(?:\.\d+)?\.ndjson$/.test(name)).length;
  const again = names.filter((name) => name.endsWith(".starved.ndjson")).length;
  return { trials: names.length - repetitions, again, repetitions };
}
