import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { packageRoot } from "../../lab/paths.ts";
import { typeProblems } from "./compiler.ts";

// The types are the published ones, in dist/.
const folder = mkdtempSync(join(tmpdir(), "lastack-compiler-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const problemsOf = (source: string): Promise<string[] | null> => {
  const file = join(folder, "mine.ts");
  writeFileSync(file, source);
  return typeProblems(file);
};

test("a file without errors has none, and every lab of compose/ is such a file", async () => {
  expect(await typeProblems(join(packageRoot, "tests/fixtures/own/mine.ts"))).toEqual([]);
  expect(await typeProblems(join(packageRoot, "compose/half-open-idle.ts"))).toEqual([]);
});

test("a misspelt key in a measure that no claim of the vocabulary checks is found, with its line", async () => {
  const source = `import { attempts, type Recording } from "lastack/experiment";
export const count = (recording: Recording) => attempts(recording, { progam: "load" }).length;
`;
  expect(await problemsOf(source)).toEqual([
    expect.stringMatching(/^mine\.ts\(2,\d+\): error TS2561: .*'progam' does not exist in type 'Attempts'/),
  ]);
});

test("what is about the installation, or about another file, is not an error of the experiment", async () => {
  writeFileSync(join(folder, "other.ts"), `export const port: string = 8080;\n`);
  const source = `import net from "node:net";
import missing from "a-package-that-is-not-installed";
import { port } from "./other.ts";
console.log(net, missing, port, process.pid, [3, 1, 2].toSorted());
`;
  expect(await problemsOf(source)).toEqual([]);
});
