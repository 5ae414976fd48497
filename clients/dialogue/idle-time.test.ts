import fc from "fast-check";
import { expect, test } from "vitest";
import { IdleTime, offsetMs } from "./idle-time.ts";

test("connections are spread evenly around the idle time", () => {
  expect([2, 3, 4, 5, 6].map((connection) => offsetMs(connection, 6, 20))).toEqual([-20, -10, 0, 10, 20]);
  expect(offsetMs(2, 2, 20)).toBe(0);
  fc.assert(
    fc.property(
      fc.integer({ min: 3, max: 2000 }),
      fc.integer({ min: 0, max: 100 }),
      (connections, spread) => {
        const all = Array.from({ length: connections - 1 }, (_, nth) =>
          offsetMs(nth + 2, connections, spread),
        );
        expect(all[0]).toBeCloseTo(connections === 2 ? 0 : all.length === 1 ? 0 : -spread);
        expect(all.at(-1)).toBeCloseTo(all.length === 1 ? 0 : spread);
        expect(all).toEqual(all.toSorted((a, b) => a - b));
      },
    ),
  );
});

test("who waits is called once, and only if it is not known already", () => {
  const idle = new IdleTime();
  let calls = 0;
  idle.whenFound(() => (calls += 1));
  idle.found(300);
  idle.found(300);
  idle.whenFound(() => (calls += 1));
  expect(calls).toBe(1);
  expect(idle.ms).toBe(300);
});
