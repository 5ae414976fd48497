import { expect, test } from "vitest";
import { ArrivalClock } from "./arrival-clock.ts";

/** Clocks that are a thousand seconds apart, and take so long to read. */
function clocks({ apartUs = 1e9, takesUs = 2 } = {}) {
  const state = { nowUs: 5_000_000, apartUs, takesUs };
  const tick = (): number => (state.nowUs += state.takesUs);
  return { state, nowUs: tick, realUs: () => tick() + state.apartUs };
}

test("a mark is a moment before now, by as much as the frame has lain there", () => {
  const both = clocks();
  const arrivals = new ArrivalClock(both);
  const nowUs = both.nowUs();
  expect(arrivals.atUs(nowUs + 1e9 - 7000, nowUs, 0)).toBe(nowUs - 7000);
});

test("the last one's time is the least", () => {
  const both = clocks();
  const arrivals = new ArrivalClock(both);
  const nowUs = both.nowUs();
  expect(arrivals.atUs(nowUs + 1e9 - 7000, nowUs, nowUs - 10)).toBe(nowUs - 10);
});

test("a mark of the future, or of long ago, is of a clock that was set, and now counts", () => {
  const both = clocks();
  const arrivals = new ArrivalClock(both);
  const nowUs = both.nowUs();
  expect(arrivals.atUs(nowUs + 1e9 + 5000, nowUs, 0)).toBe(nowUs);
  expect(arrivals.atUs(nowUs + 1e9 - 3_600_000_000, nowUs, 0)).toBe(nowUs);
});

test("how far they are apart is asked again, and not believed when the asking took too long", () => {
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

test("until it was ever told, now counts", () => {
  const both = clocks({ takesUs: 80 });
  const arrivals = new ArrivalClock(both);
  const { nowUs } = both.state;
  expect(arrivals.atUs(nowUs + 1e9 - 1000, nowUs, 0)).toBe(nowUs);
});
