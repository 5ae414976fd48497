import { availableParallelism } from "node:os";
import type { Laboratory } from "../lab/laboratory.ts";
import type { Variant } from "../model/experiment.ts";
import { worst } from "../model/verdict.ts";
import { runJson } from "../report/json.ts";
import { reportExperiment, reportSummary } from "../report/text.ts";
import { select, type Entry } from "./catalogue.ts";
import { parseOptions, wholeNumber, type Command } from "./command.ts";
import { EXIT, exitOf, UsageError } from "./exit.ts";
import { forgetEnter, lookAround, onEnter } from "./hold.ts";
import { dieWithNpm } from "./npm.ts";
import { openLaboratory } from "./open-laboratory.ts";
import { ProgressDisplay } from "./progress.ts";
import { makeFolder, outFolder } from "./run-folder.ts";
import { suggest } from "./suggest.ts";
import { shortPath, type Terminal } from "./terminal.ts";
import { inParallel, runTrial, trialName, type TrialPlan, type TrialResult } from "./trials.ts";

const help = `lastack run - run experiments and say, with the kernel's evidence, which failure mode it was

Usage: lastack run [ID, GLOB or ./FILE.ts ...] [OPTIONS]

Without an id it runs the tour: the experiments tagged "tour".

  --all          every experiment of the catalogue
  --variant V    only this variant (buggy, fixed, ...)
  --jobs N       trials at a time (default: two a core); they mostly wait
  --repeat N     each trial N times
  --out DIR      where recordings go (default: results/runs)
  --pcap         also write what passes on wires to VARIANT.pcapng, for Wireshark, tshark and tcpdump; each
                 segment's comment says what the wire did with it
  --hold         stop one trial when its load is drained, with all that is left in place, and say
                 how to look around
  --verbose      all counters that moved, and every finding's reason
  --json         one JSON document on standard output

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
  json: { type: "boolean", default: false },
} as const;

export const command: Command = {
  help,
  async run(args, terminal) {
    const { values, positionals } = parseOptions(args, OPTIONS);
    const repeat = values.repeat === undefined ? undefined : wholeNumber(values.repeat, "--repeat", 1, 1000);
    const jobs =
      values.jobs === undefined ? 2 * availableParallelism() : wholeNumber(values.jobs, "--jobs", 1, 64);
    const entries = await select(positionals, values.all);
    const plans = planTrials(entries, values.variant, repeat, values.hold);
    if (values.pcap && !plans.some(hasWire)) {
      throw new UsageError("--pcap writes what passes on wires, and no chosen experiment has one.");
    }
    // The lab goes with it.
    dieWithNpm("SIGKILL");
    const lab = await openLaboratory(terminal);
    try {
      // Not before the lab is there: a run that never began leaves no empty folder.
      const folder = makeFolder(outFolder(values.out));
      const run = new Run(lab, folder, terminal, { ...values, jobs: values.hold ? 1 : jobs });
      return await run.all(entries, plans);
    } finally {
      await lab.close();
    }
  },
};

/** The trials of a run, in the catalogue's order. Throws UsageError when there is none. */
function planTrials(
  entries: Entry[],
  variant: string | undefined,
  repeat: number | undefined,
  hold: boolean,
): TrialPlan[] {
  const plans = entries.flatMap(({ experiment, baseDir }) => {
    const names = Object.keys(experiment.variants);
    const wanted = variant ?? (hold ? names[0] : undefined);
    return names
      .filter((name) => wanted === undefined || name === wanted)
      .flatMap((name) =>
        repetitions(repeat).map((nth) => ({ experiment, variant: name, baseDir, repeat: nth })),
      );
  });
  if (plans.length === 0) {
    const names = [...new Set(entries.flatMap(({ experiment }) => Object.keys(experiment.variants)))];
    throw new UsageError(
      variant === undefined
        ? "There is nothing to run."
        : `No chosen experiment has a variant ${variant}.${suggest(variant, names)} There are: ${names.join(", ")}.`,
    );
  }
  if (hold && plans.length > 1)
    throw new UsageError("--hold stops one trial: name one experiment, and --variant with it.");
  return plans;
}

function hasWire({ experiment, variant }: TrialPlan): boolean {
  const { setup } = (experiment.variants as Record<string, Variant>)[variant] ?? {};
  return setup?.links.some((link) => link.kind === "wire") ?? false;
}

function repetitions(repeat: number | undefined): (number | undefined)[] {
  return repeat === undefined ? [undefined] : Array.from({ length: repeat }, (_, n) => n + 1);
}

interface RunOptions {
  jobs: number;
  hold: boolean;
  pcap: boolean;
  verbose: boolean;
  json: boolean;
}

/** One run from its first trial to its exit code. */
class Run {
  readonly #lab: Laboratory;
  readonly #folder: string;
  readonly #terminal: Terminal;
  readonly #options: RunOptions;
  readonly #results: TrialResult[] = [];
  #interrupted = false;

  constructor(lab: Laboratory, folder: string, terminal: Terminal, options: RunOptions) {
    this.#lab = lab;
    this.#folder = folder;
    this.#terminal = terminal;
    this.#options = options;
  }

  async all(entries: Entry[], plans: TrialPlan[]): Promise<number> {
    const display = new ProgressDisplay(this.#terminal, plans.length);
    const unreported = new Set(entries);
    const interrupt = (): void => {
      // The second time somebody is in a hurry: the lab dies with this process.
      if (this.#interrupted) process.exit(EXIT.interrupted);
      this.#interrupted = true;
      display.say("Ending the trials; what they recorded is kept. Once more to leave at once.");
      void this.#lab.stop();
    };
    process.on("SIGINT", interrupt).on("SIGTERM", interrupt);
    try {
      await inParallel(
        plans,
        this.#options.jobs,
        async (plan) => {
          await this.#one(plan, display);
          this.#report(unreported, plans, display);
        },
        () => this.#interrupted,
      );
    } finally {
      display.close();
      if (this.#options.hold) forgetEnter();
      process.off("SIGINT", interrupt).off("SIGTERM", interrupt);
    }
    return this.#conclude(entries);
  }

  async #one(plan: TrialPlan, display: ProgressDisplay): Promise<void> {
    const name = trialName(plan);
    display.begin(name);
    const result = await runTrial(plan, this.#lab, this.#folder, this.#options, (progress, trial) => {
      display.tell(name, progress);
      if (progress.kind !== "held") return;
      display.say(lookAround(progress, this.#lab));
      onEnter(() => this.#lab.release(trial));
    });
    this.#results.push(result);
    display.end(name, result.verdict.outcome, result.seconds);
  }

  /** Prints every experiment whose trials are all done, in the catalogue's order. */
  #report(unreported: Set<Entry>, plans: TrialPlan[], display: ProgressDisplay): void {
    if (this.#options.json) return;
    for (const entry of unreported) {
      const due = plans.filter((plan) => plan.experiment === entry.experiment).length;
      const done = this.#resultsOf(entry);
      if (done.length < due) return;
      unreported.delete(entry);
      display.clear();
      this.#terminal.out(reportExperiment(entry.experiment, done, this.#reportOptions()));
    }
  }

  #conclude(entries: Entry[]): number {
    const outcome = worst(this.#results.map((result) => result.verdict.outcome));
    const groups = entries.map((entry) => ({
      experiment: entry.experiment,
      results: this.#resultsOf(entry),
    }));
    if (this.#options.json) this.#terminal.out(JSON.stringify(runJson(groups), null, 2));
    else this.#terminal.out(reportSummary(groups, this.#reportOptions()));
    this.#terminal.err(`Recordings: ${shortPath(this.#folder)}`);
    return this.#interrupted ? EXIT.interrupted : exitOf(outcome);
  }

  #resultsOf(entry: Entry): TrialResult[] {
    const order = Object.keys(entry.experiment.variants);
    return this.#results
      .filter((result) => result.experiment === entry.experiment)
      .toSorted(
        (a, b) => order.indexOf(a.variant) - order.indexOf(b.variant) || (a.repeat ?? 0) - (b.repeat ?? 0),
      );
  }

  #reportOptions(): { colour: boolean; columns: number; verbose: boolean } {
    const { colour, columns } = this.#terminal;
    return { colour, columns, verbose: this.#options.verbose };
  }
}
