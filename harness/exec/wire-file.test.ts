import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import { wireFile, wireText } from "./wire-file.ts";

const folder = mkdtempSync(join(tmpdir(), "lastack-wire-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const rule = {
  name: "late SYN-ACK",
  match: { from: "server", flags: ["SYN", "ACK"], nth: { from: 1, to: null } },
  do: { holdMs: 1200 },
};
const read = (content: unknown) => wireText(JSON.stringify(content), "rules.json");

test("a file says what the wire does", () => {
  const path = join(folder, "rules.json");
  writeFileSync(path, JSON.stringify({ delayMs: 20, loss: 0.1, seed: 3, rules: [rule] }));
  expect(wireFile(path)).toEqual({ delayMs: [20, 20], loss: 0.1, seed: 3, rules: [rule] });
  expect(read({ delayMs: [20, 40], bitsPerSecond: null })).toEqual({
    delayMs: [20, 40],
    bitsPerSecond: null,
  });
});

test.each([
  [{}, /it is empty/],
  [[rule], /expected an object/],
  [{ rule: [rule] }, /unknown key "rule": Did you mean rules\?/],
  [{ delayMs: 60_001 }, /delayMs: expected at most 60000, but it is 60001/],
  [{ loss: 2 }, /loss: expected at most 1, but it is 2/],
  [{ rules: [{ ...rule, do: { dorp: true } }] }, /rules\[0\]\.do/],
  [
    { rules: [{ ...rule, match: { flags: ["SYNN"] } }] },
    /rules\[0\]\.match\.flags\[0\]: .*Did you mean SYN\?/,
  ],
  [{ rules: [{ ...rule, match: { from: "clint" } }] }, /rules\[0\]\.match\.from: .*Did you mean client\?/],
  [{ rules: [rule, rule] }, /rules\[1\]\.name: the name "late SYN-ACK" is used more than once/],
  [
    { rules: [{ ...rule, do: { holdUntil: "go" } }] },
    /rules\[0\]\.do\.holdUntil: there is no intervention "go"/,
  ],
  [{ rules: [{ ...rule, match: { nth: { from: 3, to: 2 } } }] }, /to is 2, which is less than from/],
  [{ segments: "counted" }, /unknown key "segments"/],
])("%j is refused, with the place in the file and where the keys are described", (content, why) => {
  expect(() => read(content)).toThrow(why);
  expect(() => read(content)).toThrow(/^--wire @rules\.json:\n[^]*\ndocs\/wire\.md describes/);
});

test("what is not JSON is refused with its line", () => {
  expect(() => wireText('{\n  "loss": 0.1,\n  }', "rules.json")).toThrow(/it is not JSON: .*line 3/);
});

test("a file that cannot be read is refused, and the reading never waits", () => {
  expect(() => wireFile(join(folder, "none.json"))).toThrow(/there is no such file\. A path is relative to/);
  expect(() => wireFile(folder)).toThrow(/it is no regular file/);
  expect(() => wireFile("")).toThrow(/the name of a file comes after @/);
  const pipe = join(folder, "pipe");
  execFileSync("mkfifo", [pipe]);
  expect(() => wireFile(pipe)).toThrow(/it is no regular file/);
  writeFileSync(join(folder, "large.json"), " ".repeat((1 << 20) + 1));
  expect(() => wireFile(join(folder, "large.json"))).toThrow(/more than 1048576 bytes/);
  expect(() => wireFile("a\0b")).toThrow(/cannot be read/);
});

test("no content breaks it", () => {
  const key = fc.constantFrom(
    "delayMs",
    "loss",
    "seed",
    "rules",
    "bitsPerSecond",
    "match",
    "do",
    "name",
    "nth",
  );
  const content = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 4 },
      fc.jsonValue(),
      fc.array(tie("value")),
      fc.dictionary(key, tie("value")),
    ),
  })).value;
  const texts = fc.oneof(
    fc.string(),
    content.map((one) => JSON.stringify(one) ?? ""),
  );
  fc.assert(
    fc.property(texts, (text) => {
      try {
        wireText(text, "rules.json");
      } catch (error) {
        expect((error as Error).name).toBe("UsageError");
      }
    }),
    { numRuns: 1000 },
  );
});
