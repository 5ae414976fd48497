import { resolve } from "node:path";
import type { Laboratory } from "../lab/laboratory.ts";
import type { Variant } from "../model/experiment.ts";
import type { Language } from "../model/text.ts";
import { worst } from "../model/verdict.ts";
import { runJson } from "../report/json.ts";
import type { VariantResult } from "../report/result.ts";
import { reportExperiment, reportSummary } from "../report/text.ts";
import { select } from "../runs/catalogue.ts";
import { UsageError } from "../runs/errors.ts";
import { grouped, resultsOf } from "../runs/grouped.ts";
import { typeProblems } from "../runs/check/compiler.ts";
import { choiceOf } from "../runs/choice.ts";
import { lines, type Entry } from "../runs/own-file.ts";
import { keepOutcome } from "../runs/past-runs.ts";
import { planTrials, variantsOf, type Wanted } from "../runs/plan.ts";
import type { TrialPlan, TrialResult } from "../runs/trial.ts";
import { isOpen, runTrials } from "../runs/trials.ts";
import { languageOf, parseOptions, wholeNumber, type Command } from "./command.ts";
import { EXIT, exitOf } from "./exit.ts";
import { forgetEnter, lookAround, NO_ENTER, onEnter } from "./hold.ts";
import { dieWithNpm } from "./npm.ts";
import { openLaboratory } from "./open-laboratory.ts";
import type { ProgressDisplay } from "./progress.ts";
import { makeFolder, outFolder, printFolder } from "./run-folder.ts";
import { shortPath, type Terminal } from "./terminal.ts";
import { watched } from "./watched.ts";

const help = `lastack run - run experiments, and report each verdict with the kernel's evidence

Usage: lastack run [ID, ID/VARIANT, GLOB or ./FILE.ts ...] [OPTIONS]

Without an id it runs the tour: the experiments tagged "tour".

  --all          every experiment of the catalogue
  --variant V    only this variant (buggy, fixed, ...) of each experiment; can be repeated
  --jobs N       trials at the same time (default: as many as the processors can run)
  --repeat N     run each trial N times
  --out DIR      the folder for recordings (default: results/runs)
  --pcap         also write the TCP segments on wires to VARIANT.pcapng, for Wireshark, tshark and tcpdump; the
                 comment of each segment says what the wire did with it
  --hold         pause one trial after its last phase before "end", with all its hosts and programs still there,
                 and print the commands that inspect them; Enter continues it, and so does the end of standard input
  --verbose      all counters that changed, and the reason of every finding
  --lang en|zh   the language of claims and findings (default: en); an experiment's own sentences stay English
  --no-types     run a FILE.ts although TypeScript finds errors in it (without TypeScript it is not checked)
  --json         one JSON document on standard output

A trial that did not get enough processor time is run again at the end, alone, at most twice.

Exits 0 when everything is confirmed, 1 when something is refuted, and 2 when something is inconclusive,
or when the code of a FILE.ts fails.
Ctrl+C ends the trials, keeps and reports what was recorded, and exits 130.

Examples:
  lastack run
  lastack run close-wait-leak
  lastack run close-wait-leak/fixed half-open-idle/buggy
  lastack run 'close-*' --repeat 20 --json
  lastack run close-wait-leak --hold
  lastack run ./mine.ts`;

const OPTIONS = {
  all: { type: "boolean", default: false },
  variant: { type: "string", multiple: true },
  jobs: { type: "string" },
  repeat: { type: "string" },
  out: { type: "string" },
  pcap: { type: "boolean", default: false },
  hold: { type: "boolean", default: false },
  verbose: { type: "boolean", default: false },
  lang: { type: "string", default: "en" },
  "no-types": { type: "boolean", default: false },
  json: { type: "boolean", default: false },
} as const;

export const command: Command = {
  help,
  async run(args, terminal) {
    const { values, positionals } = parseOptions(args, OPTIONS);
    const repeat = values.repeat === undefined ? undefined : wholeNumber(values.repeat, "--repeat", 1, 1000);
    const jobs = values.jobs === undefined ? undefined : wholeNumber(values.jobs, "--jobs", 1, 64);
    const language = languageOf(values.lang);
    const named = positionals.find((word) => values.all && !choiceOf(word).isFile);
    if (named !== undefined)
      throw new UsageError(`--all runs the whole catalogue: leave out ${named}, or --all.`);
    const several = ["jobs", "repeat"].find((name) => name in values && values.hold);
    if (several !== undefined)
      throw new UsageError(`--hold pauses one trial: --${several} means nothing beside it.`);
    const own = typeScriptIn(positionals);
    if (values["no-types"] && own.length === 0)
      throw new UsageError("--no-types means nothing without an experiment file in TypeScript.");
    const entries = await select(positionals, values.all);
    if (!values["no-types"]) await refuseTypeErrors(own);
    const plans = plansOf(entries, { variant: values.variant, repeat, hold: values.hold });
    if (values.pcap && !plans.some(hasWire)) {
      throw new UsageError("--pcap writes the segments on wires, and no chosen experiment has a wire.");
    }
    // SIGKILL is safe: the lab ends together with this process.
    dieWithNpm("SIGKILL");
    const lab = await openLaboratory(terminal);
    try {
      // The folder is made after the lab: a run that cannot begin leaves no empty folder.
      const folder = makeFolder(outFolder(values.out));
      const where = { lab, folder, terminal };
      return await run(entries, plans, where, { ...values, language, jobs: values.hold ? 1 : jobs });
    } finally {
      await lab.close();
    }
  },
};

/** The TypeScript files that the words name, each once. */
function typeScriptIn(words: string[]): string[] {
  const files = words.map(choiceOf).filter(({ name, isFile }) => isFile && name.endsWith(".ts"));
  return [...new Set(files.map(({ name }) => name))];
}

/** Throws UsageError for an experiment file in which TypeScript finds errors: a misspelt word could make a claim true. */
async function refuseTypeErrors(files: string[]): Promise<void> {
  for (const file of files) {
    const problems = await typeProblems(resolve(file));
    if (problems === null || problems.length === 0) continue;
    throw new UsageError(
      `TypeScript finds errors in ${file} (--no-types runs it all the same):\n${lines(problems)}`,
    );
  }
}

/** The trials of a run. Throws UsageError when there is none, or when --hold is given and there is more than one. */
function plansOf(entries: Entry[], { hold, ...wanted }: Wanted & { hold: boolean }): TrialPlan[] {
  const chosen = hold && wanted.variant === undefined ? entries.map(withFirstVariant) : entries;
  const plans = planTrials(chosen, wanted);
  if (hold && plans.length > 1)
    throw new UsageError("--hold pauses one trial: name one experiment, or one ID/VARIANT.");
  return plans;
}

/** An experiment with one variant: the first that was chosen. */
function withFirstVariant(entry: Entry): Entry {
  return { ...entry, variants: (entry.variants ?? variantsOf(entry.experiment)).slice(0, 1) };
}

function hasWire({ experiment, variant }: TrialPlan): boolean {
  const { setup } = (experiment.variants as Record<string, Variant>)[variant] ?? {};
  return setup?.links.some((link) => link.kind === "wire") ?? false;
}

interface RunOptions {
  jobs: number | undefined;
  hold: boolean;
  pcap: boolean;
  verbose: boolean;
  language: Language;
  json: boolean;
}

/** Runs and reports all trials; returns the exit code. */
async function run(
  entries: Entry[],
  plans: TrialPlan[],
  { lab, folder, terminal }: { lab: Laboratory; folder: string; terminal: Terminal },
  options: RunOptions,
): Promise<number> {
  const { jobs, hold, pcap, verbose, language, json } = options;
  const { colour, columns } = terminal;
  const reportOptions = { colour, columns, verbose, language };
  // A trial that is held is the only one.
  const [plan] = plans;
  const unreported = new Set(entries);
  /** Prints each experiment once all its trials are done, in the catalogue's order. */
  const report = (results: TrialResult[], display: ProgressDisplay): void => {
    for (const entry of unreported) {
      const due = plans.filter((plan) => plan.experiment === entry.experiment).length;
      const done = shown(resultsOf(entry.experiment, results));
      if (done.length < due || done.some(isOpen)) return;
      unreported.delete(entry);
      display.clear();
      terminal.out(reportExperiment(entry.experiment, done, reportOptions));
    }
  };
  const { results, interrupted, others } = await watched(terminal, (display, signal) =>
    runTrials(plans, lab, {
      folder,
      jobs,
      hold,
      pcap,
      watch: display,
      signal,
      ...(!json && { onDone: (results) => report(results, display) }),
      onProgress: (progress, trial) => {
        if (progress.kind !== "held" || plan === undefined) return;
        display.say(lookAround(plan, progress, lab));
        onEnter((ended) => {
          if (ended) display.say(NO_ENTER);
          lab.release(trial);
        });
      },
    }),
  ).finally(() => {
    if (hold) forgetEnter();
  });
  keepOutcome(
    folder,
    results.map(({ verdict }) => verdict.outcome),
    interrupted,
  );
  const groups = grouped(entries, results).map((one) => ({ ...one, results: shown(one.results) }));
  if (json) terminal.out(JSON.stringify(runJson(groups, language), null, 2));
  else terminal.out(reportSummary(groups, reportOptions));
  if (others !== null) terminal.note(others);
  printFolder(folder, terminal);
  return interrupted ? EXIT.interrupted : exitOf(worst(results.map(({ verdict }) => verdict.outcome)));
}

/** The results, with each recording's path as a user would type it. */
function shown<R extends VariantResult>(results: R[]): R[] {
  return results.map((result) => ({
    ...result,
    path: result.path === null ? null : shortPath(result.path),
  }));
}
