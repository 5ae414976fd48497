import { readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { packageRoot } from "../../harness/lab/paths.ts";
import { PROBES } from "../../harness/probes/all.ts";
import { expectedRows, joined } from "./expected.ts";
import { NOT_CHECKED } from "./expected/not-checked.ts";
import type { ExpectedGrades } from "./expected/row.ts";

/** If fewer are found, reading them is broken. Raise this as the project grows; it need not be exact. */
const FEWEST = 200;

const rows = await expectedRows();
const named = (list: ExpectedGrades[]): string[] => list.map(({ server }) => server);

/** The names of all programs in servers/, as ID/NAME. */
const programs = readdirSync(join(packageRoot, "servers"), { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .flatMap(({ name: id }) =>
    readdirSync(join(packageRoot, "servers", id))
      .filter((file) => /\.(?:ts|py)$/.test(file))
      .map((file) => `${id}/${file.replace(/\.\w+$/, "")}`),
  );

test("each program in servers/ is checked by a row, or has a reason why not, and never both", () => {
  expect(programs.length).toBeGreaterThan(FEWEST);
  expect([...named(rows), ...Object.keys(NOT_CHECKED)].toSorted()).toEqual([...new Set(programs)].toSorted());
});

test("each probe that a row names exists", () => {
  const ids = new Set(PROBES.map(({ id }) => id));
  const probes = rows.flatMap(({ fails, either }) => [...Object.keys(fails), ...Object.keys(either ?? {})]);
  expect(probes.filter((id) => !ids.has(id))).toEqual([]);
});

test("each probe that can fail fails at some reference server, and passes at another", () => {
  const failing = new Set(rows.flatMap(({ fails }) => Object.keys(fails)));
  const never = PROBES.filter(({ id }) => !failing.has(id)).map(({ id }) => id);
  // They have only questions, or claims that every other probe makes, too.
  expect(never).toEqual(["vanished-client-in-response", "who-closes-first"]);
  const passing = PROBES.filter(({ id }) => rows.some(({ fails }) => fails[id] === undefined));
  expect(passing.length).toBe(PROBES.length);
});

/** What a buggy server does not pass and at least one of its cures does. */
function ownFaults(row: ExpectedGrades): string[] {
  const [id = ""] = row.server.split("/");
  const cures = rows.filter(({ server }) => server.startsWith(`${id}/fixed`));
  const inCures = (probe: string): boolean =>
    cures.length > 0 &&
    cures.every(({ fails }) => JSON.stringify(fails[probe]) === JSON.stringify(row.fails[probe]));
  return Object.keys(row.fails).filter((probe) => !inCures(probe));
}

test("a buggy server fails what its cures pass, or its row says why no probe shows its bug; and not both", () => {
  const buggy = rows.filter(({ server }) => server.endsWith("/buggy"));
  expect(buggy.length).toBeGreaterThan(40);
  const wrong = buggy.filter((row) => (row.bugIsUnseen === undefined) === (ownFaults(row).length === 0));
  expect(named(wrong)).toEqual([]);
  expect(named(rows.filter((row) => row.bugIsUnseen !== undefined && !buggy.includes(row)))).toEqual([]);
});

test("a server that is not buggy fails no probe, or its row says why it does by design; and not both", () => {
  const correct = rows.filter(({ server }) => !server.endsWith("/buggy"));
  expect(correct.length).toBeGreaterThan(80);
  const isFail = (why: ExpectedGrades["fails"][string]): boolean =>
    typeof why === "string" || why.grade === "fail";
  const wrong = correct.filter(
    ({ fails, byDesign }) => Object.values(fails).some(isFail) === (byDesign === undefined),
  );
  expect(named(wrong)).toEqual([]);
  expect(named(rows.filter((row) => row.byDesign !== undefined && !correct.includes(row)))).toEqual([]);
});

test("rows of one server are put together, and must ask it in the same way", () => {
  const one: ExpectedGrades = { server: "a/buggy", request: { raw: "x" }, fails: { burst: "short" } };
  const other = { ...one, fails: { "silent-clients": "waits" }, either: { "half-a-request": "a race" } };
  expect(joined([one, other])).toEqual([
    { ...one, fails: { ...one.fails, ...other.fails }, either: other.either },
  ]);
  expect(() => joined([one, { ...one, tls: true }])).toThrow(/a\/buggy is asked in two ways/);
});
