import { build, encodeIntoCompressedBase64 } from "hdr-histogram-js";
import { expect, test } from "vitest";
import { type Paced, readPaced, verdictsOf } from "./pace.ts";

const paced = (perSecond: number, lateP99Ms: number): Paced => ({
  perSecond,
  lateP99Ms,
  lateP50Ms: 0.05,
  lateMostMs: 9,
});

test.each([
  [
    [paced(5000, 0.2), paced(4000, 9), paced(5001, 0.3)],
    [true, true],
  ],
  [[paced(4949, 0.999)], [false, true]],
  [[paced(5051, 1)], [false, false]],
])("a pace is judged by the medians: %j", (rounds, met) => {
  expect(verdictsOf("short", rounds).map((verdict) => verdict.met)).toEqual(met);
});

test("the text of a missed bar says so, with its figure", () => {
  expect(verdictsOf("short", [paced(4900, 1.25)]).map(({ text }) => text)).toEqual([
    "bar short within 1 % of 5000 a second: -2.00 %, missed",
    "bar short begun less than 1 ms late at p99: 1.250, missed",
  ]);
});

/** The output of a client whose attempts began that many microseconds late; null: without pacing. */
function said(lateUs: number[] | null, outcomes: Record<string, number>): string {
  const pacing = lateUs === null ? null : build({ numberOfSignificantValueDigits: 3 });
  for (const us of lateUs ?? []) pacing?.recordValue(us);
  const encoded = pacing === null ? null : encodeIntoCompressedBase64(pacing);
  const empty = encodeIntoCompressedBase64(build({ numberOfSignificantValueDigits: 3 }));
  const histograms = { connect: empty, firstByte: empty, total: empty, pacing: encoded };
  const end = { seconds: 2, okInTime: 10, warmUp: { outcomes: {}, connections: 0 }, endedBy: null };
  return [
    { kind: "load", outcomes, connections: 1, ...histograms },
    { kind: "load-end", outcomes, ...end },
  ]
    .map((line) => `${JSON.stringify(line)}\n`)
    .join("");
}

test("a pace is read from the output of a client", () => {
  expect(readPaced(said([10, 20, 970], { ok: 10 }))).toEqual({
    perSecond: 5,
    lateP50Ms: 0.02,
    lateP99Ms: 0.97,
    lateMostMs: 0.97,
  });
});

test("output without pacing, or with failures, is refused", () => {
  expect(() => readPaced(said(null, { ok: 10 }))).toThrow("no pacing");
  expect(() => readPaced(said([10], { ok: 10, "response timeout": 1 }))).toThrow("response timeout");
});
