import { describe, expect, test } from "vitest";
import { GRADES, type Grade } from "../model/probe.ts";
import { PROBES } from "../probes/all.ts";
import type { ProbeResult } from "./battery.ts";
import { documentOf, type Found, isFailure } from "./document.ts";

const [probe] = PROBES;

/** A result of the first probe, with claims of these grades. */
function result(outcome: Grade, claims: Grade[] = [outcome]): ProbeResult {
  if (probe === undefined) throw new Error("there is no probe");
  const graded = claims.map((grade, nth) => ({
    outcome: grade,
    expected: `claim ${nth}`,
    because: "",
    observed: `${nth} things`,
  }));
  return { probe, outcome, claims: graded, skipped: null, recording: "/a/server.ndjson", seconds: 1 };
}

function found(results: ProbeResult[], more: Partial<Found> = {}): Found {
  return {
    target: { command: ["node", "server.js"], options: { port: 8080 } },
    speaks: "http",
    server: null,
    chosen: [probe?.id ?? ""],
    results,
    notChecked: null,
    interrupted: false,
    folder: "/a",
    seconds: 1,
    ...more,
  };
}

describe("a document", () => {
  test.each<[Grade[], Grade, number]>([
    [["pass", "pass"], "pass", 2],
    [["pass", "skip"], "pass", 1],
    [["informational"], "pass", 1],
    [["pass", "warn", "informational"], "warn", 3],
    [["warn", "inconclusive"], "inconclusive", 1],
    [["fail", "inconclusive", "skip"], "fail", 1],
    [["skip"], "inconclusive", 0],
    [["inconclusive"], "inconclusive", 0],
    [[], "inconclusive", 0],
  ])("of %j is %s, with %d decided", (grades, outcome, decided) => {
    expect(documentOf(found(grades.map((grade) => result(grade))))).toMatchObject({ outcome, decided });
  });

  test("says of a probe what decided its grade, and how to run it again", () => {
    const [one, two] = documentOf(
      found([result("fail", ["pass", "fail"]), result("fail", ["fail", "pass", "fail"])]),
    ).probes;
    expect(one?.observed).toBe("1 things");
    expect(two?.observed).toBe("claim 0: 0 things; claim 2: 2 things");
    expect(one?.reproduce).toBe(`lastack check --probe ${probe?.id} --port 8080 -- node server.js`);
    expect(one?.mode).toBe(probe?.explainedBy);
  });

  test("names the probes that did not run", () => {
    const chosen = [probe?.id ?? "", "other"];
    expect(documentOf(found([result("pass")], { chosen, interrupted: true })).notRun).toEqual(["other"]);
    expect(documentOf(found([], { chosen, notChecked: "It ended." })).notRun).toEqual(chosen);
  });
});

test("only a fail is a failure; under --strict a warning is one, too", () => {
  expect(GRADES.filter((grade) => isFailure(grade, false))).toEqual(["fail"]);
  expect(GRADES.filter((grade) => isFailure(grade, true))).toEqual(["warn", "fail"]);
});
