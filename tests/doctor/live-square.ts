import { existsSync } from "node:fs";
import { join } from "node:path";
import { executableOf } from "../../harness/lab/executable.ts";
import { packageRoot } from "../../harness/lab/paths.ts";
import { hosts } from "../../harness/measure/evidence.ts";
import { view } from "../../harness/measure/view.ts";
import type { Experiment, FailureMode, Variant } from "../../harness/model/experiment.ts";
import type { HostName } from "../../harness/model/names.ts";
import type { Setup } from "../../harness/model/setup.ts";
import { referencePath } from "../../harness/recording/place.ts";
import { readRecording } from "../../harness/recording/read.ts";
import { judge } from "../../harness/verdict/judge.ts";
import { asUser, type Who } from "../lab/user.ts";
import { inLab } from "./in-lab.ts";
import type { Lived, LiveOrder } from "../fixtures/doctor/live.ts";
import { liveModes } from "./modes.ts";
import type { DoctorDocument } from "./place.ts";
import { isStarved, unstarved } from "./unstarved.ts";

/** The default of `lastack doctor --seconds`. */
const SECONDS = 3;
/** Options of clients and programs that say how many connections they make, and the least count that can be halved. */
const COUNTS = ["--attempts", "--connections", "--times"];
const LEAST_COUNT = 10;
const ALL_AT_ONCE = [...COUNTS, "--concurrency"];

/** Options of clients that say how long they wait, and the least time that is meant as patience. */
const PATIENCE = ["--timeout-ms", "--hold-ms"];
const LEAST_PATIENCE_MS = 1000;
/** Two doctors, one after the other, and their start; and the same where a busy machine starts them slowly. */
const LASTING_MS = 2 * SECONDS * 1000 + 2000;
const LONG_LASTING_MS = 2 * LASTING_MS;

/** Another user cannot reach all that root's PATH has. */
const SYSTEM_PATH = "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin";

/** One variant of a failure mode or of a fact, run with other ports, and with its counts multiplied. */
export interface LiveCase {
  mode: Experiment;
  variant: string;
  times: 0.5 | 1 | 2;
  /** Who runs its programs and the doctor. */
  who: Who;
}

/**
 * Runs a case. Returns what is wrong with what the doctors printed, in sentences, and what they printed. A failure that lasts no longer than
 * a doctor looks can fall between two of them. So a buggy case is run twice more, with more and more patient clients, before it counts as not named.
 * A case is also run again when the machine gave a doctor no time.
 */
export function live(one: LiveCase): Promise<Result> {
  const isSick = isBuggy(one.mode, one.variant);
  return unstarved(
    (nth) => liveFor(one, isSick ? moreLasting[nth] : undefined),
    ({ faults, lived }) =>
      faults.length > 0 && (isSick || lived.rounds.some(({ document }) => isStarved(document))),
  );
}

/** How a buggy case is prolonged in its first, second and third run. */
const moreLasting: readonly ((setup: Setup) => Setup)[] = [
  (setup) => setup,
  (setup) => lasting(setup),
  (setup) => lasting(setup, LONG_LASTING_MS),
];

interface Result {
  faults: string[];
  lived: Lived;
}

async function liveFor(
  one: LiveCase,
  prolonged: (setup: Setup) => Setup = (setup) => setup,
): Promise<Result> {
  const { mode, variant } = one;
  const lived = inLab<Lived>("tests/fixtures/doctor/live.ts", [], JSON.stringify(orderOf(one, prolonged)));
  const faults = isBuggy(mode, variant)
    ? faultsOfBuggy(mode, lived)
    : await faultsOfHealthy(mode, variant, lived);
  return { faults, lived };
}

/** What the programs of a case do, and where the doctor looks. */
export function orderOf(
  { mode, variant, times, who }: LiveCase,
  prolonged: (setup: Setup) => Setup,
): LiveOrder {
  const { setup } = (mode.variants as Record<string, Variant>)[variant] as Variant;
  const baseDir = join(packageRoot, "servers", mode.id);
  const folder = existsSync(baseDir) ? baseDir : packageRoot;
  return {
    setup: runBy(who, prolonged(withCounts(withOtherPorts(setup), times)), folder),
    baseDir: folder,
    who,
    hosts: isBuggy(mode, variant) ? hostsShowing(mode) : hostsOf(setup),
    seconds: SECONDS,
    args: [],
  };
}

function isBuggy(mode: Experiment, variant: string): mode is FailureMode {
  return mode.kind === "failure-mode" && variant === "buggy";
}

/** In some round the mode must be the first finding on some subject, or among the remarks if it is one. */
function faultsOfBuggy({ id, visible }: FailureMode, { rounds, fault }: Lived): string[] {
  if (fault !== null) return [`the setup did not run: ${fault}`];
  const unprinted = rounds.filter(({ document }) => document === null);
  if (unprinted.length > 0) return unprinted.map(({ status, stderr }) => `exit ${status}: ${stderr}`);
  const seen = rounds.flatMap(({ document }) =>
    visible === undefined ? firstOfEach(document?.findings ?? []) : (document?.remarks ?? []),
  );
  if (seen.some(({ mode }) => mode === id)) return [];
  return [`${id} was not first in any of ${rounds.length} rounds: ${JSON.stringify(rounds.map(inShort))}`];
}

/** The first finding on each subject. */
function firstOfEach(findings: DoctorDocument["findings"]): DoctorDocument["findings"] {
  return findings.filter(
    ({ subject }, nth) => findings.findIndex((one) => one.subject.name === subject.name) === nth,
  );
}

/** A cure is accused only of a mode that declares it as an overlap: it has that one, too. Of a healthy fact there is not even a remark. */
async function faultsOfHealthy(
  { id, kind }: Experiment,
  variant: string,
  { rounds, fault }: Lived,
): Promise<string[]> {
  if (fault !== null) return [`the setup did not run: ${fault}`];
  const recording = `${id}/${variant}`;
  const declared = (await liveModes()).filter(({ overlaps }) => recording in overlaps).map((one) => one.id);
  const isGood = ({ document }: Lived["rounds"][number]): boolean =>
    document !== null &&
    document.undecided.length === 0 &&
    document.findings.every(({ mode }) => declared.includes(mode)) &&
    (kind === "failure-mode" || document.remarks.length === 0);
  return rounds
    .filter((round) => !isGood(round))
    .map((round) => `accused, or not decided: ${JSON.stringify(inShort(round))}`);
}

/** A round in a line. */
export function inShort({ host, phase, document, status }: Lived["rounds"][number]): object {
  return {
    host,
    phase,
    status,
    looks: document?.looks,
    found: document?.findings.map(({ mode, subject }) => `${mode} at ${subject.name}`),
    remarks: document?.remarks.map(({ mode }) => mode),
    undecided: document?.undecided.map(({ mode, because }) => `${mode}: ${because}`),
  };
}

/** The hosts on which the reference recording shows the symptom. */
function hostsShowing(mode: FailureMode): HostName[] {
  const recording = readRecording(referencePath(packageRoot, mode.id, "buggy"));
  return hosts(recording).filter(
    (host) => judge(mode.symptom, view(recording, host)).outcome === "confirmed",
  );
}

/** The two hosts at which a cure is looked at, where there are so many. */
function hostsOf(setup: Setup): HostName[] {
  const programs = Object.values(setup.programs);
  return [...new Set(["server", ...programs.map(({ host }) => host)])]
    .filter((host) => host in setup.hosts)
    .slice(0, 2);
}

/** The same setup with other ports of its services: 8080 is 18080. */
export function withOtherPorts(setup: Setup): Setup {
  return JSON.parse(JSON.stringify(setup).replaceAll(/(?<![\d.])(80[89]\d)(?!\d)/g, "1$1")) as Setup;
}

/** The same setup with so many more connections, in the commands of its programs and in the conditions of its phases. */
export function withCounts(setup: Setup, times: number): Setup {
  if (times === 1) return setup;
  const multiplied = (count: number): number => (count < LEAST_COUNT ? count : Math.round(count * times));
  const programs = Object.entries(setup.programs).map(([name, plan]) => {
    // Clients that are all there at once still are.
    const options =
      valueOf(plan.run, "--concurrency") === valueOf(plan.run, "--attempts") ? ALL_AT_ONCE : COUNTS;
    const run = plan.run.map((word, nth) =>
      options.includes(plan.run[nth - 1] ?? "") ? String(multiplied(Number(word))) : word,
    );
    return [name, { ...plan, run }];
  });
  const conditions = (_key: string, value: unknown): unknown =>
    typeof value === "object" &&
    value !== null &&
    "sockets" in value &&
    "atLeast" in value &&
    typeof value.atLeast === "number"
      ? { ...value, atLeast: value.atLeast < LEAST_COUNT ? value.atLeast : Math.floor(value.atLeast * times) }
      : value;
  const more = { ...setup, programs: Object.fromEntries(programs) as Setup["programs"] };
  return JSON.parse(JSON.stringify(more, conditions)) as Setup;
}

/** The same setup with clients and phases that are as patient as two doctors need, one after the other. Short times are no patience. */
export function lasting(setup: Setup, leastMs = LASTING_MS): Setup {
  const longer = (ms: number): number => (ms < LEAST_PATIENCE_MS ? ms : Math.max(ms, leastMs));
  const programs = Object.entries(setup.programs).map(([name, plan]) => {
    const run = plan.run.map((word, nth) =>
      PATIENCE.includes(plan.run[nth - 1] ?? "") ? String(longer(Number(word))) : word,
    );
    return [name, { ...plan, run }];
  });
  const times = (key: string, value: unknown): unknown =>
    (key === "elapsedMs" || key === "withinMs") && typeof value === "number" ? longer(value) : value;
  const phases = JSON.parse(JSON.stringify(setup.phases, times)) as Setup["phases"];
  return { ...setup, phases, programs: Object.fromEntries(programs) as Setup["programs"] };
}

/** The same setup with its programs run by a user. */
function runBy(who: Who, setup: Setup, baseDir: string): Setup {
  if (who === "own") return setup;
  const programs = Object.entries(setup.programs).map(([name, plan]) => {
    const [program, ...args] = plan.run;
    const command = ["env", `PATH=${SYSTEM_PATH}`, ...executableOf(program, baseDir), ...args];
    return [name, { ...plan, run: asUser(who, command) }];
  });
  return { ...setup, programs: Object.fromEntries(programs) as Setup["programs"] };
}

function valueOf(run: readonly string[], option: string): string | undefined {
  const nth = run.indexOf(option);
  return nth < 0 ? undefined : run[nth + 1];
}

/** Whether half or twice as many connections is something that the setup's commands can say. */
export function hasCounts(setup: Setup): boolean {
  return JSON.stringify(withCounts(setup, 2).programs) !== JSON.stringify(setup.programs);
}
