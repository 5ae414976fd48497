import fc from "fast-check";
import { expect, test } from "vitest";
import { BackOff } from "./back-off.ts";

test("pauses double while all attempts fail, up to a quarter of a second, and end with a success", () => {
  const backOff = new BackOff(5000);
  const pauses: number[] = [];
  let nowUs = 1000;
  for (let round = 0; round < 9; round++) {
    for (let nth = 0; nth < 23; nth++) backOff.failed(nowUs);
    pauses.push((backOff.nextUs(nowUs) - nowUs) / 1000);
    nowUs = backOff.nextUs(nowUs);
  }
  expect(pauses).toEqual([4, 8, 16, 32, 64, 128, 256, 256, 256]);
  expect(backOff.totalUs).toBe(1_020_000);
  backOff.succeeded(nowUs);
  expect(backOff.nextUs(nowUs)).toBe(nowUs);
  expect(backOff.active).toBe(false);
  backOff.failed(nowUs);
  expect(backOff.nextUs(nowUs)).toBe(nowUs + 4000);
});

test("the rest of a pause that a success cuts short is not counted", () => {
  const backOff = new BackOff(5000);
  backOff.failed(1000);
  backOff.succeeded(2000);
  expect(backOff.totalUs).toBe(1000);
});

test("only the part of a pause that lies in the measured time is counted", () => {
  const backOff = new BackOff(5000);
  backOff.countBetween(10_000, 20_000);
  // In the warm-up: pauses of 4 ms, and then of 8 ms, the last 3 ms of which are measured.
  backOff.failed(1000);
  backOff.failed(5000);
  expect(backOff.totalUs).toBe(3000);
  backOff.succeeded(11_000);
  expect(backOff.totalUs).toBe(1000);
  // A pause that lasts longer than the load.
  backOff.failed(18_000);
  expect(backOff.totalUs).toBe(3000);
  backOff.succeeded(21_000);
  backOff.failed(30_000);
  expect(backOff.totalUs).toBe(3000);
});

test("a refusal by status, a timeout and the end of the load by a signal cause no pause, any other failure does", () => {
  const after = (code: string, phase: "status" | "connect", timeoutMs: number): boolean => {
    const backOff = new BackOff(timeoutMs);
    backOff.over({ phase, code, call: "recv" }, () => 1000);
    return backOff.active;
  };
  expect(after("ECONNREFUSED", "connect", 5000)).toBe(true);
  expect(after("503", "status", 5000)).toBe(false);
  expect(after("timeout", "connect", 5000)).toBe(false);
  // A signal has ended the load, and these attempts with it.
  expect(after("ECANCELED", "connect", 5000)).toBe(false);
  // Such a short wait limits nothing.
  expect(after("timeout", "connect", 100)).toBe(true);
});

test("after a pause a few attempts begin, and no more before one of them has ended", () => {
  const backOff = new BackOff(5000);
  backOff.failed(0);
  for (let nth = 0; nth < 50; nth++) {
    expect(backOff.nextUs(4000)).toBe(4000);
    backOff.began();
  }
  expect(backOff.nextUs(4000)).toBe(Infinity);
  backOff.failed(5000);
  expect(backOff.nextUs(5000)).toBe(13_000);
});

test("if a server refuses at once, no second has more than a few hundred attempts once the pauses are long", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 10_000 }), fc.integer({ min: 0, max: 500 }), (slots, takesUs) => {
      const backOff = new BackOff(5000);
      const begunUs: number[] = [];
      for (let nowUs = 0; nowUs < 3_000_000; nowUs = Math.max(nowUs + takesUs + 1, backOff.nextUs(nowUs))) {
        let begun = 0;
        for (; begun < slots && backOff.nextUs(nowUs) <= nowUs; begun++) {
          backOff.began();
          begunUs.push(nowUs);
        }
        for (; begun > 0; begun--) backOff.failed(nowUs + takesUs);
      }
      const late = begunUs.filter((us) => us >= 2_000_000).length;
      expect(late).toBeGreaterThan(0);
      expect(late).toBeLessThanOrEqual(250);
    }),
  );
});
