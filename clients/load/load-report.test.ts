import { decodeFromCompressedBase64 } from "hdr-histogram-js";
import { expect, test } from "vitest";
import type { LoadEndLine, LoadLine } from "../../harness/load/line.ts";
import { LoadReport } from "./load-report.ts";

/** A report whose load begins at 5 s and warms up for half a second, and the lines that it has printed. */
function begun(ratePerSecond = 0): { report: LoadReport; lines: object[] } {
  const lines: object[] = [];
  const output = { line: (row: object) => void lines.push(row), breathe: () => {} };
  const report = new LoadReport(
    output,
    { warmUpMs: 500, durationMs: 4000, close: "client", ratePerSecond },
    {
      thread: 1,
      threads: 1,
    },
  );
  report.begin(5_000_000);
  return { report, lines };
}

/** An attempt on its own connection, with the fields that a report reads. */
const attempt = (startedUs: number): Parameters<LoadReport["attempt"]>[0] =>
  ({ startedUs, connectUs: 11, firstByteUs: 23, totalUs: 47 }) as Parameters<LoadReport["attempt"]>[0];

test("every second has its line, also the seconds in which the client was stopped", () => {
  const { report, lines } = begun();
  for (const nowUs of [5_100_000, 5_600_000, 6_499_999]) report.breathe(nowUs, 0, 7);
  expect(lines).toEqual([]);
  report.attempt(attempt(6_000_000), "ok");
  report.breathe(8_700_000, 0, 7);
  expect(lines).toMatchObject([
    { kind: "load", monotonicUs: 6_500_000, second: 1, outcomes: { ok: 1 }, connections: 1 },
    { kind: "load", monotonicUs: 7_500_000, second: 2, outcomes: {}, connections: 0 },
    { kind: "load", monotonicUs: 8_500_000, second: 3, outcomes: {}, connections: 0 },
  ]);
  const totals = (lines as LoadLine[]).map(({ total }) => decodeFromCompressedBase64(total).totalCount);
  expect(totals).toEqual([1, 0, 0]);
});

test("attempts that began during the warm-up are counted separately", () => {
  const { report, lines } = begun();
  report.attempt(attempt(5_499_999), "ok");
  report.breathe(5_600_000, 0, 7);
  report.attempt(attempt(5_499_999), "ok");
  report.attempt(attempt(5_500_000), "ok");
  report.neverBegun(4, 4, 5_400_000);
  report.neverBegun(5, 5, 5_700_000);
  report.end();
  const end = lines.at(-1) as LoadEndLine;
  expect(end).toMatchObject({
    kind: "load-end",
    outcomes: { ok: 1, "never begun": 1 },
    connections: 1,
    warmUp: { outcomes: { ok: 2, "never begun": 1 }, connections: 2 },
    neverBegun: 1,
  });
  // In real time this load ended long ago, so its seconds end with its duration.
  expect(end.seconds).toBe(3.5);
  expect(end.monotonicUs).toBe(9_000_000);
});

test("the rate counts every answer that came within the measured time, whenever its request began", () => {
  const { report, lines } = begun();
  // Ten connections, and every answer takes 1 s: with a warm-up of 0.5 s, ten answers come at 1 s, 2 s, 3 s and 4 s.
  const rounds = [5_000_000, 6_000_000, 7_000_000, 8_000_000].flatMap((us) => Array<number>(10).fill(us));
  for (const startedUs of rounds) report.attempt({ ...attempt(startedUs), totalUs: 999_999 }, "ok");
  // They came in the warm-up, at its end, and after the load's time.
  for (const startedUs of [5_000_000, 5_499_952, 5_499_953, 8_999_953])
    report.attempt(attempt(startedUs), "ok");
  report.end();
  expect(lines.at(-1)).toMatchObject({ seconds: 3.5, okInTime: 41, outcomes: { ok: 31 } });
});

test("the seconds add up to the totals, and the longest lag is the longest one after the warm-up", () => {
  const { report, lines } = begun();
  report.breathe(5_400_000, 300_000, 7);
  report.breathe(5_500_000, 200_000, 7);
  for (const second of [1, 2, 3]) {
    for (let count = 0; count < 11 * second; count++) report.attempt(attempt(5_900_000), "ok");
    report.neverBegun(97, 97, 5_900_000);
    report.breathe(5_500_000 + second * 1_000_000, second * 1000, 7);
  }
  report.end();
  const end = lines.at(-1) as LoadEndLine;
  expect(end).toMatchObject({
    outcomes: { ok: 66, "never begun": 3 },
    connections: 66,
    longestLagMs: 3,
    stalls: {},
  });
  expect(lines).toHaveLength(5);
});

test("long stalls are counted with the attempts that were under way, and not those of the warm-up", () => {
  const { report, lines } = begun();
  report.breathe(5_400_000, 300_000, 7);
  report.breathe(5_500_000, 200_000, 7);
  report.breathe(5_600_000, 20_900, 2);
  report.breathe(5_700_000, 20_100, 3);
  report.breathe(5_800_000, 9900, 3);
  report.breathe(5_900_000, 50_000, 0);
  report.breathe(6_000_000, 140_000, 0);
  report.end();
  expect(lines.at(-1)).toMatchObject({ longestLagMs: 140, stalls: { 20: 7 + 3, 50: 3 } });
});

test("with a rate, attempts that became due in a stall are delayed, too", () => {
  const { report, lines } = begun(1000);
  report.breathe(5_600_000, 0, 1);
  report.breathe(5_700_000, 60_000, 1);
  report.end();
  expect(lines.at(-1)).toMatchObject({ stalls: { 60: 1, 30: 30 } });
});
