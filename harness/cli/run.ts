import type { Laboratory } from "../lab/laboratory.ts";
import type { Variant } from "../model/experiment.ts";
import type { Language } from "../model/text.ts";
import { worst } from "../model/verdict.ts";
import { runJson } from "../report/json.ts";
import type { VariantResult } from "../report/result.ts";
import { reportExperiment, reportSummary } from "../report/text.ts";
import { select, type Entry } from "../runs/catalogue.ts";
import { UsageError } from "../runs/errors.ts";
import { grouped, resultsOf } from "../runs/grouped.ts";
import { planTrials, variantsOf, type Wanted } from "../runs/plan.ts";
import type { TrialPlan, TrialResult } from "../runs/trial.ts";
import { isOpen, runTrials } from "../runs/trials.ts";
import { languageOf, parseOptions, wholeNumber, type Command } from "./command.ts";
import { EXIT, exitOf } from "./exit.ts";
import { forgetEnter, lookAround, onEnter } from "./hold.ts";
import { dieWithNpm } from "./npm.ts";
import { openLaboratory } from "./open-laboratory.ts";
import type { ProgressDisplay } from "./progress.ts";
import { makeFolder, outFolder } from "./run-folder.ts";
import { shortPath, type Terminal } from "./terminal.ts";
import { watched } from "./watched.ts";

const help = `lastack run - run experiments and say, with the kernel's evidence, which failure mode it was

Usage: lastack run [ID, GLOB or ./FILE.ts ...] [OPTIONS]

Without an id it runs the tour: the experiments tagged "tour".

  --all          every experiment of the catalogue
  --variant V    only this variant (buggy, fixed, ...)
  --jobs N       trials at a time (default: as many as the processors have room for)
  --repeat N     each trial N times
  --out DIR      where recordings go (default: results/runs)
  --pcap         also write what passes on wires to VARIANT.pcapng, for Wireshark, tshark and tcpdump; each
                 segment's comment says what the wire did with it
  --hold         stop one trial when its load is drained, with all that is left in place, and say
                 how to look around
  --verbose      all counters that moved, and every finding's reason
  --lang en|zh   the language of claims and findings; what an experiment words itself stays English (default: en)
  --json         one JSON document on standard output

A trial for which the machine had no time is run again at the end, alone, twice at most.

Exits 0 when all is confirmed, 1 when something is refuted, 2 when inconclusive. Ctrl+C ends the
trials, keeps what was recorded, reports it, and exits 130.

Examples:
  lastack run
  lastack run close-wait-leak
  lastack run 'close-*' --repeat 20 --json
  lastack run close-wait-leak --hold
  lastack run ./mine.ts`;

const OPTIONS = {
  all: { type: "boolean", default: false },
  variant: { type: "string" },
  jobs: { type: "string" },
  repeat: { type: "string" },
  out: { type: "string" },
  pcap: { type: "boolean", default: false },
  hold: { type: "boolean", default: false },
  verbose: { type: "boolean", default: false },
  lang: { type: "string", default: "en" },
  json: { type: "boolean", default: false },
} as const;

export const command: Command = {
  help,
  async run(args, terminal) {
    const { values, positionals } = parseOptions(args, OPTIONS);
    const repeat = values.repeat === undefined ? undefined : wholeNumber(values.repeat, "--repeat", 1, 1000);
    const jobs = values.jobs === undefined ? undefined : wholeNumber(values.jobs, "--jobs", 1, 64);
    const language = languageOf(values.lang);
    const entries = await select(positionals, values.all);
    const plans = plansOf(entries, { variant: values.variant, repeat, hold: values.hold });
    if (values.pcap && !plans.some(hasWire)) {
      throw new UsageError("--pcap writes what passes on wires, and no chosen experiment has one.");
    }
    // The lab goes with it.
    dieWithNpm("SIGKILL");
    const lab = await openLaboratory(terminal);
    try {
      // Not before the lab is there: a run that never began leaves no empty folder.
      const folder = makeFolder(outFolder(values.out));
      const where = { lab, folder, terminal };
      return await run(entries, plans, where, { ...values, language, jobs: values.hold ? 1 : jobs });
    } finally {
      await lab.close();
    }
  },
};

/** The trials of a run. Throws UsageError when there is none, or more than the one that can be held. */
function plansOf(entries: Entry[], { hold, ...wanted }: Wanted & { hold: boolean }): TrialPlan[] {
  const plans = planTrials(entries, wanted).filter(
    ({ experiment, variant }) =>
      !hold || wanted.variant !== undefined || variant === variantsOf(experiment)[0],
  );
  if (hold && plans.length > 1)
    throw new UsageError("--hold stops one trial: name one experiment, and --variant with it.");
  return plans;
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

/** One run from its first trial to its exit code. */
async function run(
  entries: Entry[],
  plans: TrialPlan[],
  { lab, folder, terminal }: { lab: Laboratory; folder: string; terminal: Terminal },
  options: RunOptions,
): Promise<number> {
  const { jobs, hold, pcap, verbose, language, json } = options;
  const { colour, columns } = terminal;
  const reportOptions = { colour, columns, verbose, language };
  const unreported = new Set(entries);
  /** Prints every experiment whose trials are all done, in the catalogue's order. */
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
        if (progress.kind !== "held") return;
        display.say(lookAround(progress, lab));
        onEnter(() => lab.release(trial));
      },
    }),
  ).finally(() => {
    if (hold) forgetEnter();
  });
  const groups = grouped(entries, results).map((one) => ({ ...one, results: shown(one.results) }));
  if (json) terminal.out(JSON.stringify(runJson(groups, language), null, 2));
  else terminal.out(reportSummary(groups, reportOptions));
  if (others !== null) terminal.err(others);
  terminal.err(`Recordings: ${shortPath(folder)}`);
  return interrupted ? EXIT.interrupted : exitOf(worst(results.map(({ verdict }) => verdict.outcome)));
}

/** The paths of recordings as a user would type them. */
function shown<R extends VariantResult>(results: R[]): R[] {
  return results.map((result) => ({
    ...result,
    path: result.path === null ? null : shortPath(result.path),
  }));
}
