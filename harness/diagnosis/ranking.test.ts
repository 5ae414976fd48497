import { describe, expect, test } from "vitest";
import type { FailureMode } from "../model/experiment.ts";
import { exhaustion, family, leak, patient } from "./hand-made.fixture.ts";
import { ranked, type Shown } from "./ranking.ts";

const here = family(7, "server", [8080]);
const there = family(8, "client");

function shown(id: string, changes: Partial<FailureMode> = {}, of: Partial<Shown> = {}): Shown {
  const { subject = here, role = "asked" } = of;
  return { mode: { ...leak, id, ...changes }, subject, role, view: patient(subject, []).view };
}

/** The ids in their order, each with that of its cause. */
const order = (...some: Shown[]): string[] =>
  ranked(some).map(({ one, cause }) => (cause === null ? one.mode.id : `${one.mode.id} by ${cause.mode.id}`));
const explains = (...ids: string[]): Partial<FailureMode> => ({
  explains: Object.fromEntries(ids.map((id) => [id, { because: `it follows from it` }])),
});

describe("an order of findings", () => {
  test("has a consequence directly behind its cause, whatever stood first", () => {
    const cause = shown("cause", explains("consequence"));
    expect(order(shown("consequence"), shown("other"), cause)).toEqual([
      "other",
      "cause",
      "consequence by cause",
    ]);
  });

  test("names the first cause of a chain, and keeps the chain in its order where the first one does not name its end", () => {
    const [first, second] = [shown("first", explains("second", "third")), shown("second", explains("third"))];
    expect(order(shown("third"), second, first)).toEqual(["first", "third by first", "second by first"]);
    expect(order(shown("third"), second, shown("first", explains("second")))).toEqual([
      "first",
      "second by first",
      "third by second",
    ]);
  });

  test("asks what was seen where a mode explains another one only sometimes", () => {
    const sometimes = (when: boolean): Shown =>
      shown("cause", { explains: { consequence: { because: "b", when: () => when } } });
    expect(order(shown("consequence"), sometimes(true))).toEqual(["cause", "consequence by cause"]);
    expect(order(shown("consequence"), sometimes(false))).toEqual(["consequence", "cause"]);
  });

  test("explains nothing on another subject", () => {
    const cause = shown("cause", explains("consequence"), { subject: there, role: "other end" });
    expect(order(cause, shown("consequence"))).toEqual(["consequence", "cause"]);
  });

  test("has every mode once, also where two explain each other", () => {
    const both = [shown("a", explains("b")), shown("b", explains("a"))];
    expect(order(...both)).toEqual(["a", "b by a"]);
  });

  test("has what was asked about first, then the more specific of two that overlap, then the longer symptom", () => {
    const general = shown("general", { overlaps: { "leak/buggy": "it is the same" } });
    const long = shown("long", { symptom: [...leak.symptom, ...exhaustion.symptom] });
    const other = shown("other", {}, { subject: there, role: "other end" });
    expect(order(other, general, shown("leak"), long)).toEqual(["long", "leak", "general", "other"]);
  });
});
