import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, test, vi } from "vitest";
import { talk } from "./lab/command.ts";
import { folderFor } from "./lab/user.ts";

const folder = folderFor("own");
afterAll(() => folder.remove());

/** Says on standard error that it is tested, and never ends. */
const claim = `{ claim: "c", because: "b", needs: [], test() { writeSync(2, "tested\\n"); for (;;); } }`;
writeFileSync(
  join(folder.path, "forever.mjs"),
  `import { writeSync } from "node:fs";
import { fact, setupOf } from "lastack/experiment";
const plain = { summary: "s", setup: setupOf({ phases: [{ name: "load", until: { elapsedMs: 50 } }] }), exact: [${claim}] };
export const experiment = fact({ id: "mine", title: "t", question: "q?", tags: [], variants: { plain } });
`,
);
const begun = { timeout: 60_000, interval: 20 };

test("Ctrl+C ends a claim that never ends, and the run is reported", async () => {
  const { child, err, out, ended } = talk(["run", "forever.mjs"], folder.path);
  await vi.waitFor(() => expect(err()).toContain("tested"), begun);
  child.kill("SIGINT");
  expect(await ended).toBe(130);
  expect(out()).toMatch(/the test of this claim was interrupted before it ended/);
}, 120_000);

test("SIGTERM ends it once the bound has passed", async () => {
  const { child, err, out, ended } = talk(["run", "forever.mjs"], folder.path);
  await vi.waitFor(() => expect(err()).toContain("tested"), begun);
  child.kill("SIGTERM");
  expect(await ended).toBe(130);
  expect(out()).toMatch(/the test of this claim did not end within 10 s, and was ended/);
}, 120_000);
