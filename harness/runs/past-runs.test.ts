import {
  existsSync,
  lutimesSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { keepOutcome, pastRuns, pruneRuns } from "./past-runs.ts";

let out = "";
beforeEach(() => {
  out = mkdtempSync(join(tmpdir(), "lastack-test-"));
});
afterEach(() => rmSync(out, { recursive: true, force: true }));

const LONG_AGO = new Date("2026-01-01T00:00:00Z");

/** Makes a file of that many bytes, last written long ago. */
function file(path: string, bytes: number): void {
  const whole = join(out, path);
  mkdirSync(dirname(whole), { recursive: true });
  writeFileSync(whole, "");
  truncateSync(whole, bytes);
  utimesSync(whole, LONG_AGO, LONG_AGO);
  utimesSync(join(out, path.split("/")[0] ?? ""), LONG_AGO, LONG_AGO);
}

const FIRST = "2026-11-21T05-44-23Z";
const SECOND = "2026-11-21T05-44-23Z-2";
const TENTH = "2026-11-21T05-44-23Z-10";

test("runs are listed from the oldest, each with its size, recordings, experiments and outcome", () => {
  file(`${TENTH}/claims.json`, 5);
  file(`${SECOND}/b/x.ndjson`, 100);
  file(`${SECOND}/b/x.summary.csv`, 20);
  file(`${SECOND}/a/x.1.ndjson`, 1);
  file(`${SECOND}/a/starved/x.1.ndjson`, 2);
  file(`${FIRST}/a/x.ndjson`, 7);
  file("notes/a/x.ndjson", 7);
  file("other.txt", 7);
  keepOutcome(join(out, FIRST), ["confirmed", "refuted", "confirmed"], true);
  const [first, ...others] = pastRuns(out);
  expect(first).toMatchObject({
    name: FIRST,
    startedAt: "2026-11-21T05:44:23Z",
    outcome: { trials: { confirmed: 2, refuted: 1, inconclusive: 0 }, interrupted: true },
  });
  expect(others).toMatchObject([
    { name: SECOND, bytes: 123, recordings: 2, experiments: ["a", "b"], outcome: null, claims: false },
    { name: TENTH, bytes: 5, recordings: 0, experiments: [], claims: true },
  ]);
  expect(pastRuns(join(out, "nowhere"))).toEqual([]);
});

test("a damaged outcome is none", () => {
  for (const [nth, text] of ["", "null", "{}", '{"trials":3}'].entries()) {
    file(`2026-11-21T05-44-2${nth}Z/outcome.json`, 0);
    writeFileSync(join(out, `2026-11-21T05-44-2${nth}Z/outcome.json`), text);
  }
  expect(pastRuns(out).map(({ outcome }) => outcome)).toEqual([null, null, null, null]);
});

test("all but the last runs are deleted, and nothing that is not a run", () => {
  for (const name of [FIRST, SECOND, TENTH]) file(`${name}/a/x.ndjson`, 1);
  file("notes/a/x.ndjson", 1);
  file("outside.txt", 1);
  symlinkSync(join(out, "notes"), join(out, FIRST, "link"));
  lutimesSync(join(out, FIRST, "link"), LONG_AGO, LONG_AGO);
  symlinkSync(join(out, "notes"), join(out, "2026-01-01T00-00-00Z"));
  utimesSync(join(out, FIRST), LONG_AGO, LONG_AGO);
  const { deleted, running } = pruneRuns(out, 1);
  expect(deleted.map(({ name }) => name)).toEqual([FIRST, SECOND]);
  expect(running).toEqual([]);
  expect(pastRuns(out).map(({ name }) => name)).toEqual([TENTH]);
  expect(existsSync(join(out, "notes/a/x.ndjson"))).toBe(true);
  expect(existsSync(join(out, "outside.txt"))).toBe(true);
});

test("a run that may not have ended is not deleted; one that has ended is, however recent", () => {
  mkdirSync(join(out, FIRST, "a"), { recursive: true });
  writeFileSync(join(out, FIRST, "a", "x.ndjson"), "{}");
  mkdirSync(join(out, SECOND));
  keepOutcome(join(out, SECOND), ["confirmed"], false);
  const { deleted, running } = pruneRuns(out, 0);
  expect(deleted.map(({ name }) => name)).toEqual([SECOND]);
  expect(running.map(({ name }) => name)).toEqual([FIRST]);
});
