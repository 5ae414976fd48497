import fc from "fast-check";
import { expect, test } from "vitest";
import { orderOf } from "./order.ts";

test("each round begins one arm later", () => {
  const orders = [0, 1, 2, 3].map((round) => orderOf(["a", "b", "c"], round).join(""));
  expect(orders).toEqual(["abc", "bca", "cab", "abc"]);
});

test("over as many rounds as arms, each arm has every place once", () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.nat(), { maxLength: 12 }), (arms) => {
      const orders = arms.map((_, round) => orderOf(arms, round));
      const ofPlace = (place: number): number[] => orders.map((order) => order[place]!);
      for (const place of arms.keys()) {
        expect(new Set(ofPlace(place))).toEqual(new Set(arms));
      }
    }),
  );
});
