import fc from "fast-check";
import { expect, test } from "vitest";
import { numberOf, partOf } from "./share.ts";

const counts = fc.integer({ min: 0, max: 2000 });
const threads = fc.integer({ min: 1, max: 64 });

test("threads share the whole as evenly as possible, and every number belongs to one thread", () => {
  fc.assert(
    fc.property(counts, threads, (count, of) => {
      const shares = Array.from({ length: of }, (_, index) => ({ thread: index + 1, threads: of }));
      const parts = shares.map((share) => partOf(count, share));
      expect(Math.max(...parts) - Math.min(...parts)).toBeLessThanOrEqual(1);
      const numbers = shares.flatMap((share, index) =>
        Array.from({ length: parts[index] ?? 0 }, (_, nth) => numberOf(nth + 1, share)),
      );
      expect(numbers.toSorted((a, b) => a - b)).toEqual(Array.from({ length: count }, (_, n) => n + 1));
    }),
  );
});

test("a share of an unlimited number is unlimited", () => {
  expect(partOf(Infinity, { thread: 2, threads: 3 })).toBe(Infinity);
});
