import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { aRound } from "./a-round.ts";
import { Ledger } from "./ledger.ts";

let folder = "";
const path = () => join(folder, "soak", "starved.json");
const ledger = (commit = "a1b2") => new Ledger(path(), commit);
const took = (seconds: number) => aRound({ seconds });

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "lastack-ledger-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test("a row begins without rounds", () => {
  expect(ledger().rounds("tour-16")).toEqual([]);
});

test("rounds of several processes are collected, separately for each row", () => {
  ledger().add("tour-16", took(1));
  ledger().add("tour-16", took(2));
  ledger().add("tour-2", took(3));
  expect(ledger().rounds("tour-16")).toEqual([took(1), took(2)]);
  expect(ledger().rounds("tour-2")).toEqual([took(3)]);
});

test("rounds that another process has added meanwhile stay", () => {
  const [one, other] = [ledger(), ledger()];
  one.add("tour-16", took(1));
  other.add("tour-16", took(2));
  one.add("claims-2", took(3));
  expect(ledger().rounds("tour-16")).toEqual([took(1), took(2)]);
});

test("rounds belong to one commit, with or without changes", () => {
  ledger("a1b2").add("tour-16", took(1));
  ledger("a1b2+dirty").add("tour-16", took(2));
  expect(ledger("a1b2").rounds("tour-16")).toEqual([took(1)]);
  expect(ledger("c3d4").rounds("tour-16")).toEqual([]);
});

test("only the named rows of one commit are deleted", () => {
  ledger().add("tour-16", took(1));
  ledger().add("tour-2", took(2));
  ledger("c3d4").add("tour-16", took(3));
  ledger().forget(["tour-16"]);
  expect(ledger().rounds("tour-16")).toEqual([]);
  expect(ledger().rounds("tour-2")).toEqual([took(2)]);
  expect(ledger("c3d4").rounds("tour-16")).toEqual([took(3)]);
});

test("an interruption while writing leaves the old file", () => {
  ledger().add("tour-16", took(1));
  writeFileSync(`${path()}.1234`, '{"a1b2":{"tour-16":[{"side');
  ledger().add("tour-16", took(2));
  expect(ledger().rounds("tour-16")).toEqual([took(1), took(2)]);
});

test("nothing else is left beside the file", () => {
  ledger().add("tour-16", took(1));
  expect(readdirSync(join(folder, "soak"))).toEqual(["starved.json"]);
});

test.each(["", "{", `{"a1b2":{"tour-16":[{}]}}`])("a file with %j is not overwritten", (text) => {
  ledger().add("tour-16", took(1));
  writeFileSync(path(), text);
  expect(() => ledger().add("tour-16", took(2))).toThrow(path());
  expect(readFileSync(path(), "utf8")).toBe(text);
});
