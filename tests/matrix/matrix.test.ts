import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { packageRoot } from "../../harness/lab/paths.ts";
import { clientOutcome } from "./client-outcome.ts";
import { EXPLAINED } from "./explained.ts";
import { toExplain } from "./matrix-page.ts";
import { matrices, pagesOf } from "./pages.ts";
import { CLIENTS, SERVERS } from "./programs.ts";
import { differences, outcomesOf } from "./result.ts";
import { committedIds, KINDS } from "./results.ts";

const all = matrices();

describe("the committed matrices", () => {
  test.each(KINDS)("have a result of each program: %s", (kind) => {
    const programs = kind === "servers" ? SERVERS : CLIENTS;
    expect(committedIds(kind).toSorted()).toEqual(programs.map(({ id }) => id).toSorted());
  });

  test("have a cell for each probe, and for each server for clients", () => {
    for (const result of all.servers) expect(Object.keys(outcomesOf(result)), result.id).toEqual(all.probes);
    for (const result of all.clients) expect(Object.keys(outcomesOf(result)), result.id).toEqual(all.evil);
  });

  test("explain each failure and each warning, and nothing else", () => {
    const wanted = toExplain(all).map(({ id, row }) => `${id}/${row}`);
    expect(Object.keys(EXPLAINED).toSorted()).toEqual(wanted.toSorted());
  });

  test.each([...pagesOf(all)])("%s is as npm run matrix writes it", (path, text) => {
    expect(readFileSync(join(packageRoot, path), "utf8")).toBe(text);
  });
});

test("two results differ in the rows whose cells do", () => {
  const [first] = all.servers;
  if (first === undefined) throw new Error("no result is committed");
  const [probe, ...others] = first.probes;
  if (probe === undefined) throw new Error("a result without a probe");
  const outcome = probe.outcome === "fail" ? "pass" : "fail";
  expect(differences(first, first)).toEqual([]);
  expect(differences(first, { ...first, probes: [{ ...probe, outcome }, ...others] })).toEqual([
    `${probe.id}: ${probe.outcome}, then ${outcome}`,
  ]);
  expect(differences(first, { ...first, probes: others })).toEqual([
    `${probe.id}: ${probe.outcome}, then absent`,
  ]);
});

test("the outcome of a client", () => {
  const itself = (exitCode: number, ...lastLines: string[]) => ({
    exitCode,
    endedBy: "itself" as const,
    lastLines,
  });
  const late = { exitCode: null, endedBy: "timeout" as const, lastLines: [] };
  expect(clientOutcome("answers", itself(0), [])).toBe("served");
  expect(clientOutcome("truncates", itself(0), [])).toBe("half");
  expect(clientOutcome("truncates", itself(3), [])).toBe("error");
  expect(clientOutcome("comes-back", itself(0, "1: 3000 bytes", "2: 10000 bytes"), [])).toBe("half");
  expect(clientOutcome("comes-back", itself(0, "1: 10000 bytes", "2: 10000 bytes"), [])).toBe("served");
  expect(clientOutcome("never-answers", late, [])).toBe("waits");
  expect(clientOutcome("never-answers", late, ["close-wait-leak"])).toBe("found");
});
