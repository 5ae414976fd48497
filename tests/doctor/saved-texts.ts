import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { type Diagnosis, diagnose } from "../../harness/diagnosis/diagnose.ts";
import type { Examination } from "../../harness/diagnosis/examine.ts";
import { readEvidence } from "../../harness/diagnosis/saved/evidence.ts";
import { examineSaved } from "../../harness/diagnosis/saved/patients.ts";
import { packageRoot } from "../../harness/lab/paths.ts";
import { judge } from "../../harness/verdict/judge.ts";
import type { FailureMode } from "../../harness/model/experiment.ts";
import { type Shot, shotsOfFile } from "./shot.ts";

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
