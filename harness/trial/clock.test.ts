import { expect, test } from "vitest";
import { TrialClock } from "./clock.ts";

test("a moment that is reported late belongs to the phase in which it was", () => {
  const clock = new TrialClock();
  const before = clock.originUs + clock.now().atUs;
  // The next phase must begin at least a microsecond later.
  while (clock.originUs + clock.now().atUs === before);
  clock.enter("load");
  const during = clock.originUs + clock.now().atUs;
  while (clock.originUs + clock.now().atUs === during);
  clock.enter("drain");
  expect(clock.momentOf(before).phase).toBe("setup");
  expect(clock.momentOf(during)).toEqual({ atUs: during - clock.originUs, phase: "load" });
  expect(clock.momentOf(during + 1e6).phase).toBe("drain");
  expect(clock.now().phase).toBe("drain");
});

test("a moment before the origin is moved to the origin", () => {
  const clock = new TrialClock();
  clock.enter("load");
  expect(clock.momentOf(clock.originUs - 5)).toEqual({ atUs: 0, phase: "setup" });
});
