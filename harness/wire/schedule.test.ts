import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Schedule } from "./schedule.ts";

const plain = { delayUs: [0, 0] as const, bitsPerSecond: null, capacity: 64 };

/** The frames that leave until a time, each with its time. */
function leaving(schedule: Schedule, untilUs = Number.POSITIVE_INFINITY): [slot: number, dueUs: number][] {
  const left: [number, number][] = [];
  for (let dueUs = schedule.nextDueUs(); dueUs <= untilUs && dueUs < 1e15; dueUs = schedule.nextDueUs()) {
    left.push([schedule.due(dueUs), dueUs]);
  }
  return left;
}

describe("a schedule", () => {
  test("lets frames leave when they are due; frames due at the same time leave in the order of arrival", () => {
    const frame = fc.record({
      gapUs: fc.nat({ max: 3 }),
      side: fc.constantFrom<0 | 1>(0, 1),
      extraUs: fc.nat({ max: 5 }),
    });
    fc.assert(
      fc.property(fc.array(frame, { maxLength: 64 }), ([...frames]) => {
        const delayUs = [3, 5] as const;
        const schedule = new Schedule({ ...plain, delayUs });
        let nowUs = 100;
        const sent = frames.map(({ gapUs, side, extraUs }, order) => {
          nowUs += gapUs;
          const slot = schedule.take();
          schedule.send(slot, side, 100, nowUs, extraUs);
          return { slot, order, dueUs: nowUs + delayUs[side] + extraUs };
        });
        const expected = sent.toSorted((a, b) => a.dueUs - b.dueUs || a.order - b.order);
        expect(leaving(schedule)).toEqual(expected.map(({ slot, dueUs }) => [slot, dueUs]));
      }),
    );
  });

  test("limits the rate of each direction separately", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 60, max: 1514 }), { minLength: 1, maxLength: 64 }), (sizes) => {
        const schedule = new Schedule({ ...plain, bitsPerSecond: 1_000_000 });
        for (const bytes of sizes) schedule.send(schedule.take(), 0, bytes, 1000);
        const times = leaving(schedule).map(([, dueUs]) => dueUs);
        let endUs = 1000;
        for (const [n, bytes] of sizes.entries()) expect(times[n]).toBeCloseTo((endUs += bytes * 8), 6);
        schedule.send(0, 1, 125, 1000);
        expect(schedule.nextDueUs()).toBe(2000);
        schedule.send(1, 0, 125, 1e9);
        expect(leaving(schedule).at(-1)).toEqual([1, 1e9 + 1000]);
      }),
    );
  });

  test("releases held frames in the order of arrival, as if they arrived at that time", () => {
    const schedule = new Schedule({ ...plain, delayUs: [10, 20] });
    schedule.hold(schedule.take(), 0, 100, "go");
    schedule.hold(schedule.take(), 1, 100, "go");
    schedule.hold(schedule.take(), 0, 100, "go");
    schedule.hold(schedule.take(), 0, 100, "never");
    expect([schedule.nextDueUs(), schedule.release("something else", 50)]).toEqual([
      Number.POSITIVE_INFINITY,
      0,
    ]);
    expect(schedule.release("go", 100)).toBe(3);
    expect(leaving(schedule)).toEqual([
      [0, 110],
      [2, 110],
      [1, 120],
    ]);
    expect(schedule.release("go", 200)).toBe(0);
    expect(schedule.drain()).toEqual([3]);
  });

  test("has a limited number of slots, and each slot has one frame at a time", () => {
    const step = fc.oneof(
      fc.record({ kind: fc.constant("send" as const), afterUs: fc.nat({ max: 20 }) }),
      fc.record({ kind: fc.constant("leave" as const), afterUs: fc.nat({ max: 20 }) }),
    );
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5 }), fc.array(step, { maxLength: 60 }), (capacity, steps) => {
        const schedule = new Schedule({ ...plain, capacity, delayUs: [7, 7] });
        const taken = new Set<number>();
        let nowUs = 0;
        for (const { kind, afterUs } of steps) {
          nowUs += afterUs;
          if (kind === "send") {
            const slot = schedule.take();
            expect(slot === -1).toBe(taken.size === capacity);
            if (slot < 0) continue;
            expect(taken.has(slot)).toBe(false);
            taken.add(slot);
            schedule.send(slot, 0, 60, nowUs);
          } else {
            for (let slot = schedule.due(nowUs); slot >= 0; slot = schedule.due(nowUs)) {
              expect(taken.delete(slot)).toBe(true);
              schedule.give(slot);
            }
          }
          expect(schedule.waiting).toBe(taken.size);
        }
      }),
    );
  });
});
