import { describe, expect, test } from "vitest";
import { handMade } from "../recording/hand-made.fixture.ts";
import { atLeast, between, exactly } from "../verdict/vocabulary/bound.ts";
import { is } from "../verdict/vocabulary/of-figures.ts";
import type { Figure } from "../verdict/vocabulary/figure.ts";
import type { Recording } from "../model/recording.ts";
import { across, alike, asMany, at, difference, either, given, premise, ratio, share } from "./ask.ts";
import type { Question } from "./claim.ts";

/** A recording of a variant whose name is the measured number; in `?` nothing can be measured. */
const of = (variant: string): Recording => {
  const recording = handMade([]);
  return { ...recording, header: { ...recording.header, variant } };
};
const name = { en: "sockets", zh: "套接字" };
const figure = (times = 1): Figure => ({
  name: times === 1 ? name : { en: `${times} times`, zh: `${times} 倍` },
  needs: [],
  of: ({ header }) => (header.variant === "?" ? null : times * Number(header.variant)),
});
const asked = (question: Question, ...variants: string[]): [boolean | null, string] => {
  const { holds, observed } = question.test(...variants.map(of));
  return [holds, observed];
};
const is3 = is(figure(), exactly(3));

describe("two figures", () => {
  test("of one recording are named by their names, of two recordings by the variants", () => {
    expect(asked(difference(figure(2), figure(), exactly(3)), "3")).toEqual([
      true,
      "2 times: 6; sockets: 3 (difference: 3)",
    ]);
    expect(asked(difference(figure(), figure(), atLeast(1)), "5", "7")).toEqual([
      false,
      "sockets: 5 (5), 7 (7) (difference: -2)",
    ]);
    expect(asked(difference(figure(), figure(), exactly(0)), "5", "?")[0]).toBeNull();
  });

  test("can be multiples, and there is no multiple of 0", () => {
    expect(asked(ratio(figure(), figure(), between(1.9, 2.1)), "8", "4")[0]).toBe(true);
    expect(asked(ratio(figure(), figure(), between(1.9, 2.1)), "8", "0")[0]).toBeNull();
  });

  test("can be a rate and a time", () => {
    const little = asMany(figure(100), figure(), 100, between(0.9, 1.1));
    expect(asked(little, "7")).toEqual([true, "100 times: 700; sockets: 7, which makes 700 in 100 s"]);
    expect(asked(asMany(figure(), figure(), figure(), between(0.9, 1.1)), "7", "1")[0]).toBe(true);
    expect(asked(asMany(figure(), figure(), figure(), between(0.9, 1.1)), "7", "?")[0]).toBeNull();
  });
});

test("a share is a part of all", () => {
  const some: Figure = { ...figure(), outOf: () => 6 };
  expect(asked(share(some, exactly(0.5)), "3")).toEqual([true, "sockets: 3 of 6"]);
  expect(asked(share(figure(), exactly(0.5)), "3")[0]).toBeNull();
});

test("several recordings are asked for their maximum, or for the difference between maximum and minimum", () => {
  expect(asked(across("most", figure(), atLeast(5)), "1", "5", "?")).toEqual([
    true,
    "sockets: 1 (1), 5 (5), ? (?)",
  ]);
  expect(asked(across("spread", figure(), atLeast(5)), "1", "5", "?")[0]).toBeNull();
  expect(asked(across("spread", figure(), atLeast(5)), "1", "5")[0]).toBe(false);
});

test("words of two recordings are alike, or not", () => {
  const word = (none: string) => ({
    name,
    needs: [],
    of: ({ header }: Recording) => (header.variant === none ? null : "FIN"),
  });
  expect(asked(alike(word("")), "1", "2")).toEqual([true, "sockets: FIN (1), FIN (2)"]);
  expect(asked(alike(word("2")), "1", "2")[0]).toBeNull();
});

describe("questions together", () => {
  test("one can be asked of a single recording, which is named", () => {
    expect(asked(at(1, is3), "1", "3")).toEqual([true, "sockets: 3 (3)"]);
  });

  test("are inconclusive when their premise fails", () => {
    expect(asked(given(is3, is(figure(2), exactly(6))), "3")).toEqual([true, "sockets: 3; 2 times: 6"]);
    expect(asked(given(is3, is(figure(2), exactly(6))), "4")[0]).toBeNull();
    expect(asked(premise(is3), "4")).toEqual([null, "sockets: 4"]);
  });

  test("hold when one of two holds, and fail only when both fail", () => {
    const is4 = is(figure(), exactly(4));
    expect(asked(either(is3, is4), "4")[0]).toBe(true);
    expect(asked(either(is3, is4), "5")).toEqual([false, "sockets: 5"]);
    expect(asked(either(is3, is4), "?")[0]).toBeNull();
  });
});
