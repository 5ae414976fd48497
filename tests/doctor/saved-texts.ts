import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { type Diagnosis, diagnose } from "../../harness/diagnosis/diagnose.ts";
import type { Examination } from "../../harness/diagnosis/examine.ts";
import { readEvidence } from "../../harness/diagnosis/saved/evidence.ts";
import { examineSaved } from "../../harness/diagnosis/saved/patients.ts";
import { packageRoot } from "../../harness/lab/paths.ts";
import { judge } from "../../harness/verdict/judge.ts";
import type { FailureMode } from "../../harness/model/experiment.ts";
import type { Lived } from "../fixtures/doctor/live.ts";
import { inLab } from "./in-lab.ts";
import { lasting, orderOf } from "./live-square.ts";

/** What the commands of a shot printed: by command, and the date. */
export interface Shot {
  host: string;
  atMs: number;
  /** `+ ss -tan` and what follows it, by the command. */
  parts: ReadonlyMap<string, string>;
}

/** Two looks are so far apart, as somebody types the commands twice. */
const APART_MS = { least: 1000, most: 4500 };
const EVERYTHING = { port: null, pid: null };

/** The forms in which a text is judged: which commands, and how often. */
export const FORMS = {
  "two ss -tanoiemp, two nstat -az": { commands: ["ss -tanoiemp", "nstat -az"], looks: 2 },
  "the same, and sysctl": { commands: ["ss -tanoiemp", "nstat -az", "sysctl"], looks: 2 },
  "two ss -tanoiemp": { commands: ["ss -tanoiemp"], looks: 2 },
  "one ss -tanoiemp": { commands: ["ss -tanoiemp"], looks: 1 },
  "two ss -tan": { commands: ["ss -tan"], looks: 2 },
  "one ss -tan": { commands: ["ss -tan"], looks: 1 },
  "two netstat -tnaop": { commands: ["netstat -tnaop"], looks: 2 },
} as const;
export type Form = keyof typeof FORMS;

/** Where the text of a mode or of a healthy scene is kept. */
export const folder = join(packageRoot, "tests/fixtures/doctor/saved");

/** Runs the buggy variant of a mode, and saves what the commands print on the hosts that show it. */
export function shotsOf(mode: FailureMode): Shot[] {
  const shots = mkdtempSync(join(tmpdir(), "lastack-shots-"));
  try {
    const order = { ...orderOf({ mode, variant: "buggy", times: 1, who: "own" }, lasting), shots };
    const { fault } = inLab<Lived>("tests/fixtures/doctor/live.ts", [], JSON.stringify(order));
    if (fault !== null) throw new Error(`${mode.id}: the setup did not run: ${fault}`);
    return shotsIn(shots);
  } finally {
    rmSync(shots, { recursive: true, force: true });
  }
}

/** Plays healthy scenes, and saves what the commands print meanwhile, by scene. */
export function healthyShotsOf(scenes: readonly string[], seconds: number): Map<string, Shot[]> {
  const shots = mkdtempSync(join(tmpdir(), "lastack-shots-"));
  try {
    const words = [String(seconds), ...scenes, "--shots", shots];
    const played = inLab<Record<string, { failed?: string }>>(
      "tests/fixtures/doctor/healthy-scenes.ts",
      words,
    );
    for (const [name, { failed }] of Object.entries(played))
      if (failed !== undefined) throw new Error(`${name}: ${failed}`);
    const all = shotsIn(shots);
    return new Map(scenes.map((scene) => [scene, all.filter(({ host }) => host === scene)]));
  } finally {
    rmSync(shots, { recursive: true, force: true });
  }
}

/** The shots in a folder, in order. */
function shotsIn(path: string): Shot[] {
  return readdirSync(path)
    .filter((name) => name.endsWith(".txt"))
    .toSorted()
    .map((name) => shotOf(name.split(".")[0] ?? "", trimmed(readFileSync(join(path, name), "utf8"))));
}

/** ss fills its lines with blanks. */
const trimmed = (text: string): string => text.replaceAll(/[ \t]+$/gm, "");

/** A shot from its text. */
function shotOf(host: string, text: string): Shot {
  const [date = "", ...commands] = text.split(/^(?=\+ (?:ss|nstat|netstat|sysctl) )/m);
  const atMs = Date.parse(`${date.trim().split("\n").at(-1) ?? ""}Z`);
  const parts = new Map(commands.map((part) => [commandIn(part), part]));
  return { host, atMs, parts };
}

/** `ss -tan` of `+ ss -tan` and what follows it; of sysctl only its name. */
function commandIn(part: string): string {
  const words = part.slice(2, part.indexOf("\n"));
  return words.startsWith("sysctl") ? "sysctl" : words;
}

/**
 * All pairs of shots of a host that are so far apart as two looks of a user, the last ones first. Where a setup is over before that, any two
 * are as good.
 */
export function pairsOf(shots: readonly Shot[]): [Shot, Shot][] {
  const pairs = shots
    .flatMap((first) => shots.map((second): [Shot, Shot] => [first, second]))
    .filter(([first, second]) => first.host === second.host && second.atMs > first.atMs)
    .toReversed();
  const apart = pairs.filter(([first, second]) => {
    const ms = second.atMs - first.atMs;
    return ms >= APART_MS.least && ms <= APART_MS.most;
  });
  return apart.length > 0 ? apart : pairs;
}

/** Two shots as one file, as the recipe of docs/doctor.md makes it. */
export function fileOf(shots: readonly Shot[]): string {
  return shots
    .map(
      ({ atMs, parts }) =>
        `+ date +%FT%T.%3N\n${new Date(atMs).toISOString().slice(0, -1)}\n${[...parts.values()].join("")}`,
    )
    .join("");
}

/** The shots of a file. */
function shotsOfFile(text: string): Shot[] {
  return text
    .split(/^(?=\+ date )/m)
    .filter((part) => part !== "")
    .map((part) => shotOf("", part));
}

/** The name of a file. */
export const savedName = (name: string): string => name.replaceAll(/[^\w-]+/g, "-");

/** The committed shots, by the name of their mode or scene. */
export function savedShots(kind: "modes" | "healthy"): Map<string, Shot[]> {
  const path = join(folder, kind);
  const names = readdirSync(path).toSorted();
  return new Map(
    names.map((name) => [
      name.replace(/\.txt\.gz$/, ""),
      shotsOfFile(gunzipSync(readFileSync(join(path, name))).toString()),
    ]),
  );
}

/** What the doctor says of shots in some form. */
export function judged(modes: readonly FailureMode[], shots: readonly Shot[], form: Form): Diagnosis {
  const { commands, looks } = FORMS[form];
  return diagnose(modes, examined(shots.slice(-looks), commands), EVERYTHING);
}

function examined(shots: readonly Shot[], commands: readonly string[]): Examination {
  const text = shots
    .map(
      ({ atMs, parts }) =>
        `${new Date(atMs).toISOString()}\n${commands.map((command) => parts.get(command) ?? "").join("")}`,
    )
    .join("");
  return examineSaved(readEvidence([{ name: "text", text, writtenMs: null }], null));
}

/** Whether a symptom needs what no command of these shows: of a process, or of /proc/sys. What it asks of a process is seen on its own text. */
export function needsProc({ symptom }: FailureMode, shots: readonly Shot[]): boolean {
  let asks = false;
  const sysctls = new Proxy({}, { get: () => void (asks = true) });
  const at = { atUs: 0, phase: "load" as const, host: "here" };
  judge(symptom, {
    host: "here",
    sysctls,
    samples: [
      { kind: "sockets", ...at, groups: [] },
      { kind: "listeners", ...at, listeners: [] },
      { kind: "counters", ...at, deltas: {} },
      { kind: "processes", ...at, processes: [], shared: [], sharedCount: 0 },
    ],
  });
  const { patients } = examined(shots, FORMS["the same, and sysctl"].commands);
  const asksProcess = patients.some(({ view }) =>
    judge(symptom, view).findings.some(({ lacks = [] }) => lacks.includes("process")),
  );
  return asks || asksProcess || symptom.some((part) => part.needs.includes("processes"));
}

/** How a mode is named by a diagnosis: as the first finding on some subject, or a remark; as the first that fits; or not. */
export function namedAs(
  mode: FailureMode,
  { found, remarks, undecided }: Diagnosis,
): "found" | "fits" | null {
  const isFirst = (all: readonly { mode: FailureMode; subject: { name: string } }[]): boolean =>
    all.some(
      (one, nth) =>
        one.mode.id === mode.id && all.findIndex(({ subject }) => subject.name === one.subject.name) === nth,
    );
  if (isFirst(found) || remarks.some((one) => one.mode.id === mode.id)) return "found";
  const fitting = undecided.filter(({ fit }) => fit > 0);
  return isFirst(fitting) ? "fits" : null;
}
