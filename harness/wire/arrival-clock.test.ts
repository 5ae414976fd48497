import { expect, test } from "vitest";
import { ArrivalClock } from "./arrival-clock.ts";

/** Clocks that differ by 1000 s, and that take `takesUs` to read. */
function clocks({ apartUs = 1e9, takesUs = 2 } = {}) {
  const state = { nowUs: 5_000_000, apartUs, takesUs };
  const tick = (): number => (state.nowUs += state.takesUs);
  return { state, nowUs: tick, realUs: () => tick() + state.apartUs };
}

test("a frame's timestamp is before now by the time that the frame waited in the ring", () => {
  const both = clocks();
  const arrivals = new ArrivalClock(both);
  const nowUs = both.nowUs();
  expect(arrivals.atUs(nowUs + 1e9 - 7000, nowUs, 0)).toBe(nowUs - 7000);
});

test("a frame's time is never before that of the previous frame", () => {
  const both = clocks();
  const arrivals = new ArrivalClock(both);
  const nowUs = both.nowUs();
  expect(arrivals.atUs(nowUs + 1e9 - 7000, nowUs, nowUs - 10)).toBe(nowUs - 10);
});

test("a timestamp in the future or long ago means that the clock was set: the current time is used", () => {
  const both = clocks();
  const arrivals = new ArrivalClock(both);
  const nowUs = both.nowUs();
  expect(arrivals.atUs(nowUs + 1e9 + 5000, nowUs, 0)).toBe(nowUs);
  expect(arrivals.atUs(nowUs + 1e9 - 3_600_000_000, nowUs, 0)).toBe(nowUs);
});

test("the clocks' difference is measured again, and a measurement that took too long is not used", () => {
  const both = clocks();
  const arrivals = new ArrivalClock(both);
  arrivals.atUs(both.state.nowUs + 1e9, both.state.nowUs, 0);
  both.state.apartUs += 300;
  both.state.nowUs += 200_000;
  both.state.takesUs = 80;
  let nowUs = both.nowUs();
  expect(arrivals.atUs(nowUs + 1e9 - 1000, nowUs, 0)).toBe(nowUs - 1000);
  both.state.takesUs = 2;
  nowUs = both.nowUs();
  expect(arrivals.atUs(nowUs + 1e9 + 300 - 1000, nowUs, 0)).toBe(nowUs - 1000);
});

test("before the first valid measurement the current time is used", () => {
  const both = clocks({ takesUs: 80 });
  const arrivals = new ArrivalClock(both);
  const { nowUs } = both.state;
  expect(arrivals.atUs(nowUs + 1e9 - 1000, nowUs, 0)).toBe(nowUs);
});
