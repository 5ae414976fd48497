import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { makeRunFolder, recordingPath, referencePath, summaryPath } from "./place.ts";
import { RecordingError } from "./recording-error.ts";

let out = "";
beforeEach(() => {
  out = mkdtempSync(join(tmpdir(), "lastack-place-"));
});
afterEach(() => rmSync(out, { recursive: true }));

test("the path of a trial's recording; a repeated trial has its number in it", () => {
  expect(recordingPath("runs/now", "close-wait-leak", "buggy")).toBe("runs/now/close-wait-leak/buggy.ndjson");
  expect(recordingPath("runs/now", "close-wait-leak", "buggy", 2)).toBe(
    "runs/now/close-wait-leak/buggy.2.ndjson",
  );
  expect(referencePath("/p", "a", "fixed-by-b")).toBe("/p/results/reference/a/fixed-by-b.ndjson");
});

test("the summary is beside the recording", () => {
  expect(summaryPath("a/buggy.2.ndjson")).toBe("a/buggy.2.summary.csv");
  expect(summaryPath("a/buggy")).toBe("a/buggy.summary.csv");
});

test.each(["../up", "a/b", "", ".hidden", "-v"])("the id %j is not allowed as a file name", (id) => {
  expect(() => recordingPath("runs", id, "buggy")).toThrow(RecordingError);
  expect(() => recordingPath("runs", "a", id)).toThrow("cannot name a recording");
});

test("every run has its own folder, even when several begin in the same second", () => {
  const now = new Date("2026-03-01T12:00:05.678Z");
  const deep = join(out, "results/runs");
  const folders = [makeRunFolder(deep, now), makeRunFolder(deep, now), makeRunFolder(deep, now)];
  expect(readdirSync(deep)).toEqual([
    "2026-03-01T12-00-05Z",
    "2026-03-01T12-00-05Z-2",
    "2026-03-01T12-00-05Z-3",
  ]);
  expect(folders.every((folder) => existsSync(folder))).toBe(true);
});

test("when a folder cannot be made, the error says why in one sentence", () => {
  writeFileSync(join(out, "results"), "");
  expect(() => makeRunFolder(join(out, "results/runs"))).toThrow(
    `cannot make a folder for the run in ${out}/results/runs: a part of the path is a file and not a folder (ENOTDIR)`,
  );
  expect(() => makeRunFolder(join(out, "results"))).toThrow("something with that name already exists");
});
