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

test("a trial has its file, a repeated one its number", () => {
  expect(recordingPath("runs/now", "close-wait-leak", "buggy")).toBe("runs/now/close-wait-leak/buggy.ndjson");
  expect(recordingPath("runs/now", "close-wait-leak", "buggy", 2)).toBe(
    "runs/now/close-wait-leak/buggy.2.ndjson",
  );
  expect(referencePath("/p", "a", "fixed-by-b")).toBe("/p/results/reference/a/fixed-by-b.ndjson");
});

test("the spreadsheet lies beside the recording", () => {
  expect(summaryPath("a/buggy.2.ndjson")).toBe("a/buggy.2.summary.csv");
  expect(summaryPath("a/buggy")).toBe("a/buggy.summary.csv");
});

test.each(["../up", "a/b", "", ".hidden", "-v"])("the id %j names no file", (id) => {
  expect(() => recordingPath("runs", id, "buggy")).toThrow(RecordingError);
  expect(() => recordingPath("runs", "a", id)).toThrow("cannot name a recording");
});

test("every run has a folder of its own, though they begin in one second", () => {
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

test("a folder that cannot be made is said in a sentence", () => {
  writeFileSync(join(out, "results"), "");
  expect(() => makeRunFolder(join(out, "results/runs"))).toThrow(
    `cannot make a folder for the run in ${out}/results/runs: a part of the path is a file and not a folder (ENOTDIR)`,
  );
  expect(() => makeRunFolder(join(out, "results"))).toThrow("something of that name is already there");
});
