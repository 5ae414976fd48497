import { expect, test } from "vitest";
import { claimsOf, heldAgainst } from "./book.ts";

const claim = (id: string, verdict: string) => ({ id, verdict, observed: `of ${id}` });

test("each claim is compared with the book", () => {
  const book = [claim("C1", "holds"), claim("C2", "refuted"), claim("C3", "holds")];
  const { counts, lines } = heldAgainst(book, [
    claim("C1", "holds"),
    claim("C2", "inconclusive"),
    claim("C3", "refuted"),
  ]);
  expect(counts).toEqual({ "as in the book": 1, inconclusive: 1, "other than in the book": 1 });
  expect(lines).toEqual([
    "  C2 is inconclusive, in the book refuted: of C2",
    "  C3 is refuted, in the book holds: of C3",
  ]);
});

test("a claim that is missing on either side differs from the book", () => {
  const { counts } = heldAgainst([claim("C1", "holds")], [claim("C2", "holds")]);
  expect(counts).toEqual({ "other than in the book": 2 });
});

test.each([
  ["", /JSON/],
  ["{}", /claims/],
  [`{"claims":[]}`, /no claim/],
  [`{"claims":[{"id":"C1"}]}`, /verdict/],
])("%j has no claims", (json, why) => {
  expect(() => claimsOf(json)).toThrow(why);
});
