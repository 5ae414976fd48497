import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { Coordinator } from "../containers/coordinator.ts";
import { HostObserver } from "../containers/observer.ts";
import { becomeToldProgram, runPrograms } from "../containers/programs.ts";
import type { Experiment, Variant } from "../model/experiment.ts";
import type { Setup } from "../model/setup.ts";
import { handOver, ownerOf } from "../recording/folder.ts";
import { partPath, recordingPath, makeRunFolder } from "../recording/place.ts";
import { RecordingError } from "../recording/recording-error.ts";
import { reportExperiment, reportSummary } from "../report/text.ts";
import { select } from "../runs/catalogue.ts";
import { choiceOf } from "../runs/choice.ts";
import { planTrials } from "../runs/plan.ts";
import { parseOptions, wholeNumber, type Command } from "./command.ts";
import { UnavailableError, UsageError } from "../runs/errors.ts";
import { EXIT, exitOf, leave, whenIdle } from "./exit.ts";
import { judgeRecordings } from "../runs/recorded.ts";
import { outFolder } from "./run-folder.ts";
import { shortPath, type Terminal } from "./terminal.ts";
import { worst } from "../model/verdict.ts";

const help = `lastack part - run one part of a trial whose hosts are containers (compose/ starts all parts)

Usage: lastack part judge ID|ID/VARIANT|FILE.js [--variant V] [--out DIR]
       lastack part observer HOST
       lastack part program HOST NAME
       lastack part programs HOST NAME ...

  judge       leads the trial, and judges what the observers recorded
  observer    observes the host that it runs on, and records this and the reports of its programs
  program     waits until the judge starts it, and then becomes the program: same process, same pid
  programs    runs programs as its own children

  --at DIR       the folder that all parts share (default: /run/lastack)
  --within S     how long to wait for the other parts, in seconds (default: 60)
  --variant V    the variant of the experiment (default: buggy)
  --out DIR      the folder for recordings (default: results/runs)

"lastack part judge" exits 0 when the variant is confirmed, 1 when something is refuted, and 2 when
the verdict is inconclusive, or when a part is missing or exits too early.

Examples:
  lastack part judge close-wait-leak --variant buggy --out /results/runs
  lastack part observer server
  lastack part program server server
  lastack part programs client load retries`;

const DEFAULT_VARIANT = "buggy";

const OPTIONS = {
  at: { type: "string" },
  within: { type: "string" },
  variant: { type: "string" },
  out: { type: "string" },
} as const;

/** The options that each part takes. */
const TAKES = new Map<string, (keyof typeof OPTIONS)[]>([
  ["judge", ["at", "within", "variant", "out"]],
  ["observer", ["at"]],
  ["program", ["at", "within"]],
  ["programs", ["at", "within"]],
]);

export const command: Command = {
  help,
  async run(args, terminal) {
    const { values, positionals } = parseOptions(args, OPTIONS);
    const [part = "", ...words] = positionals;
    refuseMisplaced(part, Object.keys(values));
    const where = {
      folder: resolve(values.at ?? "/run/lastack"),
      withinMs: 1000 * wholeNumber(values.within ?? "60", "--within", 1, 3600),
    };
    if (part === "judge") return judge(words, { ...where, ...values }, terminal);
    const [host, ...programs] = words;
    if (host === undefined) throw new UsageError(`part ${part} needs a host.`);
    if (part === "observer") return observe(host, where.folder, terminal);
    const [first] = programs;
    if (first === undefined) throw new UsageError(`part ${part} needs a host and a program.`);
    if (part === "program") {
      stopOn(() => leave(EXIT.clean));
      await orUnavailable(becomeToldProgram({ ...where, host, programs: [first] }));
      await whenIdle();
      return EXIT.clean;
    }
    const runner = await orUnavailable(runPrograms({ ...where, host, programs }));
    stopOn(() => void runner.end().then(() => leave(EXIT.clean)));
    await whenIdle();
    return EXIT.clean;
  },
};

/** Throws UsageError for a part that does not exist, or an option that it does not take. */
function refuseMisplaced(part: string, given: string[]): void {
  const takes: string[] | undefined = TAKES.get(part);
  if (takes === undefined) {
    const what = part === "" ? "part needs the name of a part." : `There is no part ${JSON.stringify(part)}.`;
    throw new UsageError(`${what} The parts are: ${[...TAKES.keys()].join(", ")}.`);
  }
  const other = given.find((name) => !takes.includes(name));
  if (other !== undefined) throw new UsageError(`--${other} means nothing to part ${part}.`);
}

async function observe(host: string, folder: string, terminal: Terminal): Promise<number> {
  stopOn(() => leave(EXIT.clean));
  await orUnavailable(HostObserver.open(folder, host));
  terminal.err(`observer of ${host}: waiting for the programs and the judge`);
  await whenIdle();
  return EXIT.clean;
}

interface JudgeOptions {
  folder: string;
  withinMs: number;
  variant?: string;
  out?: string;
}

/** Leads the trial, and judges what its observers recorded. */
async function judge(words: string[], options: JudgeOptions, terminal: Terminal): Promise<number> {
  const [id] = words;
  if (id === undefined || words.length > 1) throw new UsageError("part judge takes one experiment.");
  const { experiment, variant, setup } = await trialOf(id, options.variant);
  const out = outFolder(options.out);
  const [owner, isNew] = [ownerOf(out), !existsSync(out)];
  const folder = runFolder(out);
  const file = recordingPath(folder, experiment.id, variant);
  const coordinator = new Coordinator(
    {
      experiment: experiment.id,
      variant,
      setup,
      folder: options.folder,
      withinMs: options.withinMs,
      out: (host) => partPath(file, host),
    },
    (phase) => terminal.err(`${experiment.id}/${variant}: ${phase}`),
  );
  let stopped = false;
  stopOn(() => {
    stopped = true;
    coordinator.halt({ reason: "interrupted", because: "somebody stopped it" });
  });
  terminal.err(`${experiment.id}/${variant}: waiting for ${Object.keys(setup.hosts).join(" and ")}`);
  const end = await coordinator.run();
  // The container writes as root. The new folder gets the owner of the folder above, who needs to write there too.
  handOver(isNew ? out : folder, owner);
  if (end.reason !== "completed") {
    terminal.err(
      `lastack: no verdict on ${experiment.id}/${variant}: ${end.because ?? "the trial did not end"}.`,
    );
    return stopped ? EXIT.interrupted : EXIT.inconclusive;
  }
  const parts = Object.keys(setup.hosts).map((host) => partPath(file, host));
  const groups = await judgeRecordings(parts, choiceOf(id).isFile ? [choiceOf(id).name] : []);
  const { colour, columns } = terminal;
  for (const group of groups)
    terminal.out(reportExperiment(group.experiment, group.results, { colour, columns }));
  terminal.out(`\n${reportSummary(groups, { colour, columns })}`);
  terminal.err(`Recordings: ${parts.map(shortPath).join(", ")}`);
  terminal.err("The containers keep running, so that you can inspect them. Ctrl+C stops them.");
  return exitOf(worst(groups.flatMap(({ results }) => results.map(({ verdict }) => verdict.outcome))));
}

/** The one trial that a word, and --variant, name. Throws UsageError. */
async function trialOf(
  word: string,
  wanted: string | undefined,
): Promise<{ experiment: Experiment; variant: string; setup: Setup }> {
  const entries = await select([word], false);
  const variant = wanted ?? (choiceOf(word).variant === null ? DEFAULT_VARIANT : undefined);
  const [plan, other] = planTrials(entries, { variant });
  const setup = plan && (plan.experiment.variants as Record<string, Variant>)[plan.variant]?.setup;
  if (plan === undefined || setup === undefined || other !== undefined)
    throw new UsageError(`${word} names several trials: part judge takes one.`);
  return { experiment: plan.experiment, variant: plan.variant, setup };
}

function runFolder(out: string): string {
  try {
    return makeRunFolder(out);
  } catch (error) {
    if (error instanceof RecordingError) throw new UnavailableError(`lastack: no verdict: ${error.message}`);
    throw error;
  }
}

/** Turns any error of a part into an UnavailableError: it says what the machine or another part did not provide. */
async function orUnavailable<T>(doing: Promise<T>): Promise<T> {
  try {
    return await doing;
  } catch (error) {
    throw new UnavailableError(`lastack: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** Containers are stopped with SIGTERM. A container's pid 1 has no default action for SIGTERM, so each part needs a handler. */
function stopOn(stop: () => void): void {
  process.once("SIGTERM", stop).once("SIGINT", stop);
}
