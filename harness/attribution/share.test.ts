import * as fc from "fast-check";
import { expect, test } from "vitest";
import { type Alike, possibleKinds } from "./share.ts";

type Kind = "a" | "b" | "c";
const KINDS: readonly Kind[] = ["a", "b", "c"];

test("what only one counter can explain is decided", () => {
  const groups = [
    { count: 1, kinds: ["a", "b"] as const },
    { count: 2, kinds: ["b"] as const },
  ];
  expect(
    possibleKinds(
      groups,
      new Map([
        ["a", 1],
        ["b", 2],
      ]),
    ),
  ).toEqual([["a"], ["b"]]);
});

test("what two counters can explain alike is not", () => {
  const groups = [{ count: 2, kinds: ["a", "b"] as const }];
  expect(
    possibleKinds(
      groups,
      new Map([
        ["a", 1],
        ["b", 1],
      ]),
    ),
  ).toEqual([["a", "b"]]);
});

test("of more things than the counters moved, each can be one that no counter explains", () => {
  expect(possibleKinds([{ count: 3, kinds: ["a"] as const }], new Map([["a", 2]]))).toEqual([["a", null]]);
  expect(possibleKinds([{ count: 3, kinds: ["a"] as const }], new Map())).toEqual([[null]]);
});

/** The same by trying every assignment. */
function tried(groups: Alike<Kind>[], capacity: ReadonlyMap<Kind, number>): Set<Kind | null>[] {
  const things = groups.flatMap(({ count, kinds }, nth) =>
    Array.from({ length: count }, () => ({ nth, kinds })),
  );
  let most = -1;
  let found: Set<Kind | null>[] = [];
  const next = (at: number, left: Map<Kind, number>, chosen: (Kind | null)[]): void => {
    const thing = things[at];
    if (thing === undefined) {
      const explained = chosen.filter((one) => one !== null).length;
      if (explained > most) [most, found] = [explained, groups.map(() => new Set())];
      if (explained === most) for (const [n, one] of chosen.entries()) found[things[n]!.nth]?.add(one);
      return;
    }
    for (const kind of [...thing.kinds, null]) {
      const room = kind === null ? 1 : (left.get(kind) ?? 0);
      if (room === 0) continue;
      next(at + 1, kind === null ? left : new Map([...left, [kind, room - 1]]), [...chosen, kind]);
    }
  };
  next(0, new Map(capacity), []);
  return found;
}

test("it agrees with trying every assignment", () => {
  const kinds = fc.subarray([...KINDS]);
  const groups = fc.array(fc.record({ count: fc.integer({ min: 1, max: 2 }), kinds }), {
    minLength: 1,
    maxLength: 3,
  });
  const moved = fc.tuple(...KINDS.map(() => fc.integer({ min: 0, max: 3 })));
  fc.assert(
    fc.property(groups, moved, (some, counts) => {
      const capacity = new Map(KINDS.map((kind, nth) => [kind, counts[nth] ?? 0]));
      const result = possibleKinds(some, capacity).map((one) => new Set(one));
      expect(result).toEqual(tried(some, capacity));
    }),
  );
});
