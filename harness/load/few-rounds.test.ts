import { expect, test } from "vitest";
import { end, loadRun, PLAN } from "./load-run.fixture.ts";
import type { LoadRun } from "./load-run.ts";
import { loadFigures } from "./result.ts";
import { validity, type Validity } from "./validity.ts";

/** A load whose half of the answers took this long or longer. */
function slow(p50: number, changes: Partial<LoadRun> = {}): Validity {
  const run = loadRun(changes);
  const figures = loadFigures(run);
  const { total } = figures.latencyMs;
  if (total === null) throw new Error("no times");
  return validity({ ...figures, latencyMs: { ...figures.latencyMs, total: { ...total, p50 } } }, run);
}

test("a closed loop whose answers take more than a tenth of its time has a rate that cannot be trusted", () => {
  expect(slow(190).warnings).toEqual([]);
  const { valid, untrusted, warnings } = slow(400);
  expect({ valid, untrusted }).toEqual({ valid: true, untrusted: ["perSecond"] });
  expect(warnings).toEqual([
    expect.stringMatching(
      /^Half of the requests took 0\.40 s or longer, which is 20 % of the measured 2\.0 s/,
    ),
  ]);
});

test("a load that is shorter than a response time has no rate", () => {
  const { valid, untrusted, because } = slow(2100, { ends: [end({ okInTime: 0 })] });
  expect({ valid, untrusted }).toEqual({ valid: false, untrusted: ["perSecond"] });
  expect(because).toEqual([
    expect.stringMatching(/2\.1 s or longer, and the measured 2\.0 s are .* too short for a rate/),
  ]);
});

test("a load that Ctrl+C ended before an answer to a measured request has that one reason", () => {
  const none = end({ outcomes: { "response ECANCELED": 11 }, okInTime: 0 });
  const exit = { code: 130, signal: null, how: "interrupted" as const, lastLines: [] };
  const run = loadRun({ seconds: [], ends: [none], exit });
  expect(validity(loadFigures(run), run).because).toEqual([
    expect.stringMatching(/^The load was ended from outside/),
  ]);
});

test("with a rate, only the response time beyond the warm-up is missing", () => {
  const plan = { ...PLAN, ratePerSecond: 100 };
  expect(slow(1190, { plan }).warnings).toEqual([]);
  const { untrusted, warnings } = slow(1400, { plan });
  expect(untrusted).toEqual(["perSecond"]);
  expect(warnings).toEqual([expect.stringMatching(/the warm-up lasted for 1\.0 s.* 20 % too low/)]);
});

test("a load whose answers all belong to the warm-up was too short, and nothing failed", () => {
  const none = end({ outcomes: {}, okInTime: 0, warmUp: { outcomes: { ok: 11 }, connections: 11 } });
  const run = loadRun({ seconds: [], ends: [none] });
  expect(validity(loadFigures(run), run)).toMatchObject({
    valid: false,
    because: [
      expect.stringMatching(
        /^All 11 requests that were answered had begun in the warm-up.* longer --duration/,
      ),
    ],
  });
});
