import { readdirSync } from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";
import { missingOf, needs } from "../programs/needs.ts";
import { CASES, type Check, type WildCase } from "./wild-cases.ts";
import { expected, isWildHere, type Printed, runAll, WILD } from "./wild.ts";

// All of them take about a minute, most of which the programs need to bring their states about.

const isHere = isWildHere();
if (!isHere)
  console.log(`The programs of other people are not at ${WILD}: set LASTACK_WILD to their folder.`);

// Elsewhere there is nothing to run, and that is not a test that was skipped.
test("the programs of other people are where LASTACK_WILD says, if it is set", () => {
  expect(isHere || process.env["LASTACK_WILD"] === undefined).toBe(true);
});

describe.each(isHere ? ["the programs of other people"] : [])("%s", () => {
  let results = new Map<string, Printed>();
  beforeAll(async () => {
    const can = CASES.filter((one) => missingOf(one.needs).length === 0);
    const runs = can.flatMap(({ id, variants }) => Object.keys(variants).map((variant) => ({ id, variant })));
    results = await runAll(runs);
  });

  test("are all of the folder's", () => {
    const folders = readdirSync(WILD).filter((name) => /^\d/.test(name));
    expect(CASES.map(({ id }) => id)).toEqual(folders.toSorted());
  });

  describe.each(CASES)("$id", (one) => {
    const { id, mode, side, variants, must, never } = one;
    test("asks for what expect.json asks for", () => {
      const all = expected(id);
      expect([all.id, all.mode, all.side]).toEqual([id, mode, side]);
      expect(Object.keys(must)).toEqual(all.must);
      expect(Object.keys(never)).toEqual(all.never);
    });

    describe.each(Object.entries(variants))("%s", (variant, fault) => {
      const printedBy = (): Printed => {
        const printed = results.get(`${id} ${variant}`);
        if (printed === undefined) throw new Error(`${id} ${variant} was not run`);
        return printed;
      };

      test(
        "is named first, with nothing else that it does not explain, or not accused",
        needs(...one.needs),
        () => {
          const { findings, status } = printedBy();
          console.log(
            `${id} ${variant}: ${findings.map((finding) => finding.mode).join(", ") || "no finding"}`,
          );
          const unexplained = findings.filter(({ cause }) => cause === null);
          expect(new Set(unexplained.map((finding) => finding.mode))).toEqual(
            new Set(fault === null ? [] : [mode]),
          );
          expect(findings[0]?.mode).toBe(fault === null ? undefined : mode);
          if (fault !== null)
            expect([findings[0]?.subject.program, findings[0]?.role]).toEqual([fault.accused, fault.role]);
          // What is left undecided where the doctor looked for too short is no accusation.
          expect(fault === null ? [0, 2] : [1]).toContain(status);
        },
      );

      test.each(sentences(one, one.must, variant))("must: %s", needs(...one.needs), (_sentence, holds) => {
        expect(holds(printedBy()), printedBy().text).toBe(true);
      });
      test.each(sentences(one, one.never, variant))("never: %s", needs(...one.needs), (_sentence, holds) => {
        expect(holds(printedBy()), printedBy().text).toBe(true);
      });
    });
  });
});

/** The sentences that are checked on a variant: those on which nobody is accused have none, unless that is the whole case. */
function sentences({ variants }: WildCase, all: WildCase["must"], variant: string): [string, Check][] {
  const isHealthy = Object.values(variants).every((fault) => fault === null);
  const isMeant = isHealthy || variants[variant] !== null;
  return Object.entries(all).flatMap(([sentence, check]): [string, Check][] => {
    if (typeof check === "function") return isMeant ? [[sentence, check]] : [];
    return check.on.includes(variant) ? [[sentence, check.holds]] : [];
  });
}
