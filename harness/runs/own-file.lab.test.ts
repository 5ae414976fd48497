import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { setupOf } from "../model/short-setup.ts";
import { select } from "./catalogue.ts";
import { loadOwnFile } from "./own-file.ts";

// TypeScript of the user's own is run by compiled code, in dist/.
const folder = mkdtempSync(join(tmpdir(), "lastack-own-file-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Writes an experiment with an id, and gives its path. */
function file(name: string, id: string): string {
  const path = join(folder, name);
  const setup = JSON.stringify(setupOf({ phases: [{ name: "load", until: { elapsedMs: 10 } }] }));
  // Without an import: here it is the test runner that imports the file.
  const source = `const one = { claim: "c", because: "b", needs: [], test: () => ({ holds: true, observed: "o" }) };
const plain = { summary: "as it is", setup: ${setup}, exact: [one] };
export const experiment = { kind: "fact", id: "${id}", title: "t", question: "q?", tags: [], variants: { plain } };
`;
  writeFileSync(path, source);
  return path;
}

test("two files are two experiments, and one file that is named twice is one", async () => {
  const [a, b] = [file("a.mjs", "a"), file("b.mjs", "b")];
  expect((await select([a, b, a], false)).map(({ experiment }) => experiment.id)).toEqual(["a", "b"]);
});

test("two files with one id are refused: one of them would not be run", async () => {
  const [a, copy] = [file("a.mjs", "a"), file("copy.mjs", "a")];
  await expect(select([a, copy], false)).rejects.toThrow(
    /copy\.mjs: another experiment of this run has the id a, too/,
  );
});

test("an id of the catalogue is refused: the recording could not be judged again", async () => {
  await expect(select([file("leak.mjs", "close-wait-leak")], false)).rejects.toThrow(
    /leak\.mjs: id: "close-wait-leak" is an experiment of the catalogue; choose another id\.$/,
  );
});

test("a file that never ends its top level is given up, although its timer goes on", async () => {
  const path = join(folder, "waits.mjs");
  writeFileSync(path, "setInterval(() => {}, 1000).unref();\nawait new Promise(() => {});\n");
  await expect(loadOwnFile(path, [], 100)).rejects.toThrow(
    /waits\.mjs cannot be loaded: its top level has not ended within 100 ms$/,
  );
});

test("an error at the top of a file is shown with its line", async () => {
  const path = join(folder, "throws.mjs");
  writeFileSync(path, `const port = 8080;\nthrow new Error(\`boom \${port}\`);\n`);
  await expect(select([path], false)).rejects.toThrow(/throws\.mjs cannot be loaded: boom 8080 \(line 2\)$/);
});
