import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import * as door from "../../harness/experiment.ts";
import { packageRoot } from "../../harness/lab/paths.ts";
import type { SampleKind } from "../../harness/model/sample.ts";
import type { Finding } from "../../harness/model/verdict.ts";
import { type Example, moduleOf } from "./example.ts";

const run = promisify(execFile);

/** The results of trying the examples of a page. */
export interface Tried {
  /** The errors of the compiler; empty when there are none. */
  complaints: string;
  /** The faults of setups, each with its line in the page. */
  unsound: string[];
  /** The findings, by the line of the example. */
  findings: Map<number, Judged>;
}

/** A finding, and the kinds of samples that it needs. */
export interface Judged extends Finding {
  needs: SampleKind[];
}

/** Compiles the examples, checks their setups, and judges their expectations on the committed recordings, in a temporary folder. */
export async function tryExamples(examples: Example[], inSymptoms: Set<string>): Promise<Tried> {
  const folder = mkdtempSync(join(tmpdir(), "lastack-page-"));
  try {
    write(folder, examples, inSymptoms);
    const [complaints, { unsound, findings }] = await Promise.all([compile(folder), judge(folder)]);
    return {
      complaints,
      unsound,
      findings: new Map(Object.entries(findings).map(([at, one]) => [Number(at), one])),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function write(folder: string, examples: Example[], inSymptoms: Set<string>): void {
  for (const name of ["harness", "node_modules"]) symlinkSync(join(packageRoot, name), join(folder, name));
  const file = (path: string, text: string): void => {
    mkdirSync(join(folder, path, ".."), { recursive: true });
    writeFileSync(join(folder, path), text);
  };
  file("package.json", JSON.stringify({ type: "module" }));
  const compilerOptions = { rootDir: "/", noUnusedLocals: false };
  const include = ["experiments", "examples"];
  file(
    "tsconfig.json",
    JSON.stringify({ extends: join(packageRoot, "tsconfig.json"), compilerOptions, include }),
  );
  const files = examples.filter(({ kind }) => kind === "file");
  for (const { at, text } of files) file(`experiments/line-${at}/experiment.ts`, text);
  file("examples/vocabulary.ts", moduleOf(examples, Object.keys(door), inSymptoms));
  file("examples/judged.ts", judging(examples));
}

/** The text of a program that prints the faults of setups and all findings as JSON. */
function judging(examples: Example[]): string {
  const files = examples.filter(({ kind }) => kind === "file").map(({ at }) => at);
  const recordings = examples.flatMap((one) =>
    one.kind === "claim" ? [[one.at, one.recording] as const] : [],
  );
  return `
import { packageRoot } from "../harness/lab/paths.ts";
import type { ExactExpectation, Experiment, Setup } from "../harness/experiment.ts";
import { referencePath } from "../harness/recording/place.ts";
import { readRecording } from "../harness/recording/read.ts";
import { validateSetup } from "../harness/recording/schema.ts";
import { judge } from "../harness/verdict/judge.ts";
import { claims, setups } from "./vocabulary.ts";
${files.map((at) => `import * as file${at} from "../experiments/line-${at}/experiment.ts";`).join("\n")}

const unsound: string[] = [];
const check = (at: number | string, setup: Setup): void => {
  try {
    validateSetup(setup, \`line \${at}: the setup\`);
  } catch (error) {
    unsound.push(String(error));
  }
};
const files: Record<number, object> = { ${files.map((at) => `${at}: file${at}`).join(", ")} };
for (const [at, setup] of Object.entries(setups)) check(at, setup);
for (const [at, file] of Object.entries(files)) {
  if (!("experiment" in file)) continue;
  const { variants } = file.experiment as Experiment;
  for (const { setup } of Object.values<{ setup: Setup }>(variants)) check(at, setup);
}
const recordings: Record<number, string> = ${JSON.stringify(Object.fromEntries(recordings))};
const all: Record<number, ExactExpectation> = claims;
const findings = Object.fromEntries(
  Object.entries(recordings).map(([at, name]) => {
    const [id = "", variant = ""] = name.split("/");
    const expectation = all[Number(at)];
    const recording = readRecording(referencePath(packageRoot, id, variant));
    const [finding] = judge(expectation === undefined ? [] : [expectation], recording).findings;
    return [at, { ...finding, needs: expectation?.needs }];
  }),
);
console.log(JSON.stringify({ unsound, findings }));
`;
}

async function compile(folder: string): Promise<string> {
  const tsc = join(packageRoot, "node_modules/.bin/tsc");
  return run(tsc, ["-p", "."], { cwd: folder }).then(
    () => "",
    (error: unknown) => (error as { stdout: string }).stdout,
  );
}

async function judge(folder: string): Promise<{ unsound: string[]; findings: Record<string, Judged> }> {
  const command = ["--import", "tsx", join(folder, "examples/judged.ts")];
  const { stdout } = await run(process.execPath, command, { cwd: packageRoot, maxBuffer: 1 << 24 });
  return JSON.parse(stdout) as { unsound: string[]; findings: Record<string, Judged> };
}
