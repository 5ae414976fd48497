import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { GRADES } from "../model/probe.ts";
import { checkDocument, probeDocument, skippedProbe } from "../check/document.fixture.ts";
import { junitProblems } from "./junit-schema.fixture.ts";
import { junitXml } from "./junit.ts";

const startedAt = new Date("2026-11-21T05:44:23.456Z");
const each = checkDocument([
  probeDocument("passes", "pass"),
  probeDocument("fails", "fail"),
  probeDocument("warns", "warn"),
  probeDocument("tells", "informational"),
  probeDocument("open", "inconclusive"),
  skippedProbe("skipped"),
]);

/** The testcase of a probe, as it is written. */
const caseOf = (xml: string, id: string): string =>
  new RegExp(`<testcase[^>]* name="${id}"[^>]*?(?:/>|>.*?</testcase>)`, "s").exec(xml)?.[0] ?? "";

describe("a JUnit file", () => {
  test("has a testcase for each probe: fail is a failure, inconclusive an error, and skip is skipped", async () => {
    const xml = junitXml(each, { strict: false, startedAt });
    expect(await junitProblems(xml)).toEqual([]);
    expect(xml).toMatch(/<testsuite [^>]*tests="6" failures="1" errors="1" skipped="1" time="12.500"/);
    expect(caseOf(xml, "passes")).toMatch(/time="1.250"\/>$/);
    expect(caseOf(xml, "fails")).toMatch(/<failure message="97" type="lastack.check">.*observed: 97\n/s);
    expect(caseOf(xml, "warns")).toMatch(/<system-out>.*observed: 97\n/s);
    expect(caseOf(xml, "tells")).toMatch(/<system-out>.*observed: 97\n/s);
    expect(caseOf(xml, "open")).toMatch(/<error message="97"/);
    expect(caseOf(xml, "skipped")).toMatch(/<skipped message="the server closes each connection/);
  });

  test("has a warning as a failure under --strict", async () => {
    const xml = junitXml(each, { strict: true, startedAt });
    expect(await junitProblems(xml)).toEqual([]);
    expect(xml).toMatch(/failures="2"/);
    expect(caseOf(xml, "warns")).toMatch(/<failure /);
    expect(caseOf(xml, "tells")).toMatch(/<system-out>/);
  });

  test("has an error for each probe of a server that could not be checked, and for those that an interruption kept from running", async () => {
    const notChecked = "The server ended by itself, with exit code 3.";
    const none = junitXml(checkDocument([], { notChecked, notRun: ["one", "two"] }), {
      strict: false,
      startedAt,
    });
    expect(await junitProblems(none)).toEqual([]);
    expect(none).toMatch(/tests="2" failures="0" errors="2"/);
    expect(caseOf(none, "two")).toContain(notChecked);
    const cut = checkDocument([probeDocument("passes", "pass")], { interrupted: true, notRun: ["two"] });
    expect(caseOf(junitXml(cut, { strict: false, startedAt }), "two")).toMatch(
      /<error message="the check was interr/,
    );
  });

  test("is well formed, whatever a server prints", async () => {
    const anything = fc.string({
      unit: fc.constantFrom("]]>", "<", "&", '"', "'", "\0", "\u001b", "\uFFFE", "\uD800", "é", "\n", "x"),
    });
    const graded = fc.record({ observed: anything, grade: fc.constantFrom(...GRADES) });
    await fc.assert(
      fc.asyncProperty(fc.array(graded, { minLength: 50 }), async (some) => {
        const probes = some.map(({ observed, grade }) => {
          const claims = [{ outcome: grade, expected: observed, because: observed, observed }];
          return probeDocument("odd", grade, { observed, claims });
        });
        const xml = junitXml(checkDocument(probes), { strict: true, startedAt });
        expect(await junitProblems(xml)).toEqual([]);
      }),
      { numRuns: 3 },
    );
  });
});

test("the schema refuses a file with a grade that CI systems do not know", async () => {
  const xml = junitXml(each, { strict: false, startedAt }).replaceAll("failure", "fail");
  expect(await junitProblems(xml)).not.toEqual([]);
});
