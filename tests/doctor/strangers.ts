import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { packageRoot } from "../../harness/lab/paths.ts";
import type { TcpState } from "../../harness/model/state.ts";
import type { NeededProgram } from "../programs/packages.ts";
import { inLab } from "./in-lab.ts";
import type { Doctored, DoctorDocument } from "./place.ts";

/** Programs in C and Python that have a failure mode, a folder for each, with what the doctor must print of them. */
const FOLDER = join(packageRoot, "tests/fixtures/doctor/strangers");
/** As an ordinary build of a small program has it. */
const COMPILED = ["-O1", "-pthread", "-D_GNU_SOURCE"];

/** Something that is waited for. `port` is the stranger's own, unless it says another. */
export type Condition =
  | { sockets: TcpState; port?: number; atLeast: number }
  | { queue: number }
  | { listeners: number }
  | { counter: string; atLeast: number }
  | { descriptors: string; atLeast: number }
  | { processes: string; atLeast: number }
  | { ended: string }
  /** No connection comes or goes for a while. */
  | { quiet: true }
  | { seconds: number };

/** A program of a stranger. `{bin}` is the folder of the compiled programs, `{here}` the stranger's own, `{port}` and `{port+1}` its ports. */
export interface StrangerProgram {
  run: string[];
  /** On which port it listens when it is ready: `true` is the stranger's own. */
  listens?: true | string;
  /** What must be before it is started. */
  after?: Condition[];
}

/** expect.json of a stranger. */
export interface Expectation {
  /** null: nothing is wrong with it. */
  mode: string | null;
  port: number;
  sysctls?: Record<string, string>;
  curedSysctls?: Record<string, string>;
  /** nft(8) commands for its table `inet t`, at the start and later. */
  nft?: string[];
  nftThen?: { after: Condition[]; rules: string[] };
  /** In the order in which they are started. */
  programs: Record<string, StrangerProgram>;
  /** The programs that get `--cured` in the cured twin; absent if there is no such twin. */
  cure?: string[];
  /** Who is asked about: a program, or `all`; absent: the port. */
  ask?: string;
  /**
   * The programs of which one must be accused. `nobody`: no process holds a TIME-WAIT, so only the destination can be named; `namespace`: the
   * counters of the whole network namespace.
   */
  accused?: string[];
  /** The command of the accused process, where it is not the program's own. */
  accusedCommand?: string;
  /** The bad state. */
  until: Condition[];
  /** When the cured twin may be looked at. */
  curedUntil?: Condition[];
  /**
   * Why the doctor cannot name the mode of this program, although it has it, and what it prints first instead: nothing, or something that is
   * true as well.
   */
  limit?: { prints: string | null; because: string };
  /** Other modes that it has as well, and that may be printed after its own. */
  also?: string[];
  /** Other modes that it has as well, as much as its own: they may be printed before it. */
  equally?: string[];
  /** Modes that it does not have. */
  never?: string[];
}

export interface Stranger extends Expectation {
  id: string;
  languages: string[];
  needs: NeededProgram[];
}

/** What stranger-scenes.ts is told: which strangers, each sick or cured, and where the compiled programs are. */
export interface StrangerOrder {
  bin: string;
  scenes: { id: string; isCured: boolean }[];
}

/** What it prints of a scene: what the doctor printed, and which programs the processes are that it names. */
export interface Played extends Doctored {
  /** Why the bad state did not come; null if it did. */
  failed: string | null;
  /** The program of the stranger to which a process belongs, and the process's command, by pid. */
  processes: Record<number, { program: string; command: string }>;
}

/** All strangers, in the order of their names. */
export function strangers(): Stranger[] {
  return readdirSync(FOLDER)
    .toSorted()
    .map((id) => {
      const expectation = JSON.parse(readFileSync(join(FOLDER, id, "expect.json"), "utf8")) as Expectation;
      const files = readdirSync(join(FOLDER, id));
      const has = (suffix: string): boolean => files.some((file) => file.endsWith(suffix));
      const needs: NeededProgram[] = [];
      if (has(".c")) needs.push("cc");
      if (has(".py")) needs.push("python3");
      if (expectation.nft !== undefined || expectation.nftThen !== undefined) needs.push("nft");
      const languages = [...(has(".c") ? ["C"] : []), ...(has(".py") ? ["Python"] : [])];
      return { ...expectation, id, languages, needs };
    });
}

/** The folder of a stranger. */
export function folderOf(id: string): string {
  return join(FOLDER, id);
}

/** Compiles the C programs of some strangers into a temporary folder, with a folder for each stranger. Returns it. */
export function compileStrangers(ids: string[]): string {
  const bin = mkdtempSync(join(tmpdir(), "lastack-strangers-"));
  process.once("exit", () => rmSync(bin, { recursive: true, force: true }));
  for (const id of ids) {
    mkdirSync(join(bin, id));
    for (const file of readdirSync(folderOf(id)).filter((name) => name.endsWith(".c"))) {
      const program = join(bin, id, basename(file, ".c"));
      const { status, stderr } = spawnSync("cc", [...COMPILED, "-o", program, join(folderOf(id), file)], {
        encoding: "utf8",
      });
      if (status !== 0) throw new Error(`${file} of ${id} was not compiled: ${stderr}`);
    }
  }
  return bin;
}

/** Plays scenes, one after another, and returns what the doctor printed in each. */
export function playStrangers(order: StrangerOrder): Record<string, Played> {
  return inLab("tests/fixtures/doctor/stranger-scenes.ts", [], JSON.stringify(order));
}

/** The name of a scene in what stranger-scenes.ts prints. */
export function sceneName({ id, isCured }: StrangerOrder["scenes"][number]): string {
  return isCured ? `${id}/cured` : id;
}

/** What is wrong with what the doctor printed of a stranger, in sentences. */
export function sickFaults(stranger: Stranger, played: Played): string[] {
  if (stranger.mode === null) return healthyFaults(played);
  const { failed, document, stderr } = played;
  if (failed !== null) return [`it did not come to that: ${failed}`];
  if (document === null) return [`nothing was printed: ${stderr}`];
  const { mode: own, limit, also = [], equally = [], never = [] } = stranger;
  const first = document.findings.find(({ mode }) => !equally.includes(mode));
  const expected = limit === undefined ? own : limit.prints;
  const modes = document.findings.map(({ mode }) => mode);
  return [
    ...((first?.mode ?? null) === expected ? [] : [`first is ${first?.mode ?? "nothing"}`]),
    ...(first === undefined || first.mode !== expected || isAccused(stranger, first, played)
      ? []
      : [`${first.subject.name} is accused of ${first.mode}`]),
    ...never.filter((mode) => modes.includes(mode)).map((mode) => `${mode} is never to be printed`),
    ...modes
      .filter((mode) => ![own, ...also, ...equally, ...never].includes(mode))
      .map((mode) => `${mode} is printed, too`),
  ];
}

/** What is wrong with what the doctor printed of a cured twin, or of a healthy stranger, in sentences. */
export function healthyFaults({ failed, document, stderr }: Played): string[] {
  if (failed !== null) return [`it did not come to that: ${failed}`];
  if (document === null) return [`nothing was printed: ${stderr}`];
  return [
    ...document.findings.map(
      ({ mode, subject, evidence }) =>
        `${subject.name} is accused of ${mode}: ${evidence.map(({ observed }) => observed).join("; ")}`,
    ),
    ...document.undecided.map(({ mode, because }) => `${mode} was not decided: ${because}`),
  ];
}

function isAccused(
  { accused = [], accusedCommand }: Stranger,
  { subject }: DoctorDocument["findings"][number],
  { processes }: Played,
): boolean {
  if (subject.kind === "namespace") return accused.includes("namespace");
  if (subject.kind === "remains") return accused.includes("nobody");
  return (subject.pids ?? []).some((pid) => {
    const process = processes[pid];
    if (process === undefined) return false;
    return (
      accused.includes(process.program) &&
      (accusedCommand === undefined || process.command === accusedCommand)
    );
  });
}

/** A line of the table: the mode, the languages, and what the doctor printed first and after that. */
export function tableLine(
  { id, isCured }: { id: string; isCured: boolean },
  languages: string[],
  played: Played,
): string {
  const printed = (played.document?.findings ?? []).map(({ mode, subject }) => {
    const programs = (subject.pids ?? []).map((pid) => played.processes[pid]?.program ?? `pid ${pid}`);
    return `${mode} at ${[...new Set(programs)].join("+") || subject.name}`;
  });
  const name = sceneName({ id, isCured });
  return `${name.padEnd(40)}${languages.join("+").padEnd(10)}${played.failed ?? (printed.join(", ") || "nothing")}`;
}
