import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { compiled, packageRoot } from "../../harness/lab/paths.ts";
import { isStarved, unstarved } from "./unstarved.ts";

// Programs that are not this project's, each in a folder with a script that brings its bad state about, and with what a correct diagnosis
// must say and must never say. The folder lies beside the project, and a clone elsewhere does not have it.

/** The folder of the programs: $LASTACK_WILD, or ../shared/wild beside the project. */
export const WILD = process.env["LASTACK_WILD"] ?? resolve(packageRoot, "../shared/wild");

/** A test that hangs ends after this. A program takes up to 11 s. */
const WITHIN_MS = 240_000;

/** What a folder's expect.json says, as far as it can be checked. */
export interface Expected {
  id: string;
  mode: string;
  side: string;
  process: string;
  must: string[];
  never: string[];
}

export interface WildFinding {
  mode: string;
  subject: { name: string; program?: string; pid?: number; ports?: number[] };
  role: string;
  evidence: { observed: string; because: string }[];
  sockets: {
    count: number;
    pids: number[];
    example: { state: string; local: string; remote: string } | null;
  };
  cause: { mode: string } | null;
  fix: Record<"code" | "config" | "kernel", { what: string; tried: string | null }[]>;
}

/** What two doctors printed at the same time: the document, and the text in one line. `log`: what run.sh printed. */
export interface Printed {
  findings: WildFinding[];
  remarks: { mode: string; subject: { name: string } }[];
  examined: { subject: WildFinding["subject"]; role: string }[];
  /** Why what was not seen is not ruled out: a starved machine. */
  lack: string | null;
  text: string;
  status: number;
  log: string;
}

/** What a folder's expect.json says. */
export function expected(id: string): Expected {
  return JSON.parse(readFileSync(join(WILD, id, "expect.json"), "utf8")) as Expected;
}

/** Whether the programs are there. */
export function isWildHere(): boolean {
  return existsSync(join(WILD, "README.md"));
}

/** So many programs run at once: most of their time they wait. */
const AT_ONCE = 3;

/** Runs programs, each in a network namespace of its own, and two doctors in the bad state of each. By `ID VARIANT`. */
export async function runAll(runs: { id: string; variant: string }[]): Promise<Map<string, Printed>> {
  const results = new Map<string, Printed>();
  const left = [...runs];
  const work = async (): Promise<void> => {
    for (let run = left.shift(); run !== undefined; run = left.shift()) {
      const { id, variant } = run;
      results.set(`${id} ${variant}`, await unstarved(() => runWild(id, variant), isStarved));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return results;
}

/** Runs a program and, in its bad state, two doctors on its port. */
async function runWild(id: string, variant: string): Promise<Printed> {
  const folder = mkdtempSync(join(tmpdir(), "lastack-wild-"));
  const doctor = `"$NODE" "$MAIN" doctor --port "$PORT"`;
  const hook = [
    `${doctor} --json >"$OUT/json" 2>"$OUT/errors" & json=$!`,
    `${doctor} >"$OUT/text" 2>>"$OUT/errors"; echo $? >"$OUT/status"; wait $json`,
  ].join("\n");
  const environment = { NODE: process.execPath, MAIN: compiled("harness/cli/main.js"), OUT: folder };
  try {
    const child = spawn("sh", [join(WILD, id, "run.sh"), variant], {
      env: { ...process.env, ...environment, HOOK: hook, HOLD: "0" },
      stdio: ["ignore", "pipe", "pipe"],
      timeout: WITHIN_MS,
    });
    let [stdout, stderr] = ["", ""];
    child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
    await once(child, "close");
    const read = (name: string): string =>
      existsSync(join(folder, name)) ? readFileSync(join(folder, name), "utf8") : "";
    if (!read("json").startsWith("{")) throw new Error(`no document: ${read("errors")}${stdout}${stderr}`);
    const document = JSON.parse(read("json")) as Omit<Printed, "text" | "status" | "log">;
    const text = read("text").replaceAll(/\s+/g, " ");
    return { ...document, text, status: Number(read("status")), log: stdout };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The evidence of the findings of a mode, in one line. */
export function evidenceOf({ findings }: Printed, mode: string): string {
  return findings
    .filter((one) => one.mode === mode)
    .flatMap(({ evidence }) => evidence.map(({ observed }) => observed))
    .join("; ");
}

/** Whether none of these modes was found, or remarked. */
export const isSilentOn =
  (...modes: string[]) =>
  ({ findings, remarks }: Printed): boolean =>
    ![...findings, ...remarks].some(({ mode }) => modes.includes(mode));

/** The advice of all findings, in one line. */
export const adviceOf = ({ findings }: Printed): string =>
  findings
    .flatMap(({ fix: { code, config, kernel } }) => [...code, ...config, ...kernel].map(({ what }) => what))
    .join("; ");

/** The pid that run.sh printed for one of its programs. */
export function pidOf({ log }: Printed, program: string): number {
  return Number(new RegExp(`^started ${program}: pid (\\d+)$`, "m").exec(log)?.[1]);
}
