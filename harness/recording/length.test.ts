import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { handMade, at, countersAt } from "./hand-made.fixture.ts";
import { lengthUs } from "./length.ts";
import { recordingText } from "./line.ts";

const folder = mkdtempSync(join(tmpdir(), "lastack-test-"));
afterAll(() => rmSync(folder, { recursive: true }));

const file = (text: string): string => {
  const path = join(folder, `${Math.random()}.ndjson`);
  writeFileSync(path, text);
  return path;
};

test("the length is read from the last line, also in a large file", () => {
  const many = Array.from({ length: 997 }, (_, nth) => countersAt(at(nth), "client", { TcpInSegs: nth }));
  const recording = handMade(many);
  const text = recordingText(recording);
  expect(text.length).toBeGreaterThan(4096);
  expect(lengthUs(file(text))).toBe(recording.samples.at(-1)?.atUs);
});

test.each(["", "{", "{}\n", '{"atUs":"soon"}\n'])("the length of %j is null", (text) => {
  expect(lengthUs(file(text))).toBeNull();
});

test("the length of a missing file is null", () => {
  expect(lengthUs(join(folder, "none.ndjson"))).toBeNull();
});
