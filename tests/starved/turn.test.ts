import { expect, test } from "vitest";
import { aRound } from "./a-round.ts";
import { type Row, ROWS } from "./row.ts";
import { goal, nextSide } from "./turn.ts";
import type { Round, Side } from "./round.ts";

const row = (name: string): Row => ROWS.find((one) => one.name === name) as Row;
const tour = row("tour-16");
const claims = row("claims-quiet");
const alone = { more: null, beside: null };
const beside = { more: null, beside: "start" };
const at = (side: Side) => aRound({ side, beside: "start" });

/** The sides of all turns, in order, until no turn is left. */
function turns(of: Row, rounds: Round[], asked: { more: number | null; beside: string | null }): Side[] {
  const until = goal(of, rounds, asked);
  const taken: Side[] = [];
  for (;;) {
    const alternates = of.alternates ? asked.beside : null;
    const side = nextSide(
      of,
      [...rounds, ...taken.map((one) => aRound({ side: one, beside: alternates }))],
      asked,
      until,
    );
    if (side === null) return taken;
    taken.push(side);
  }
}

test("a row runs until it is complete", () => {
  expect(turns(tour, [], alone)).toEqual(["here", "here", "here"]);
  expect(turns(tour, [aRound()], alone)).toEqual(["here", "here"]);
  expect(turns(tour, [aRound(), aRound(), aRound()], alone)).toEqual([]);
});

test("requested rounds are added to those that exist", () => {
  expect(turns(tour, [aRound(), aRound(), aRound()], { ...alone, more: 2 })).toEqual(["here", "here"]);
});

test("sides take turns", () => {
  expect(turns(claims, [], beside)).toEqual(["here", "there", "here", "there", "here", "there"]);
  expect(turns(claims, [], { ...beside, more: 1 })).toEqual(["here", "there"]);
});

test("after an interruption the side continues that was next", () => {
  expect(turns(claims, [at("here")], beside)).toEqual(["there", "here", "there", "here", "there"]);
});

test("rounds that did not alternate, or alternated with another commit, do not count for an alternation", () => {
  const before = [aRound(), aRound({ beside: "older" }), aRound({ beside: "older", side: "there" })];
  expect(turns(claims, before, beside)).toHaveLength(6);
});

test("rows that do not alternate have no other side", () => {
  expect(turns(tour, [], beside)).toEqual(["here", "here", "here"]);
});
