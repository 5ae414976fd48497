import { describe, expect, test } from "vitest";
import { STATEMENTS } from "../claims/statements.ts";
import { chosenIds, withVerdict } from "./claim-choice.ts";
import { UsageError } from "./errors.ts";
import { referenceRecordings, settleAll } from "./settled.ts";

const ids = STATEMENTS.map(({ id }) => id);

describe("claims are chosen", () => {
  test("all without a choice, in the order of the documents", () => {
    expect(chosenIds([], [])).toEqual(ids);
  });

  test("by an id, by what several ids share, and by area", () => {
    expect(chosenIds(["C16"], [])).toEqual(["C16"]);
    expect(chosenIds(["C14"], [])).toEqual(["C14a", "C14b", "C14c"]);
    expect(chosenIds(["c14B"], [])).toEqual(["C14b"]);
    expect(chosenIds(["C10"], [])).toEqual(["C10"]);
    const areas = new Map(STATEMENTS.map(({ id, area }) => [id, area]));
    const chosen = chosenIds([], ["time-wait", "reuse"]);
    expect(new Set(chosen.map((id) => areas.get(id)))).toEqual(new Set(["time-wait", "reuse"]));
    expect(chosenIds(["C14", "C16", "C38"], ["close-wait"])).toEqual(["C38"]);
  });

  test("by verdict", () => {
    const statement = STATEMENTS[0]!;
    const rows = settleAll(["C38", "C212", "C75", "C04"], referenceRecordings(), (trial) => ({
      en: trial,
      zh: trial,
    })).map((result) => ({ statement, result }));
    const chosen = (...verdicts: string[]): string[] =>
      withVerdict(rows, verdicts)
        .map(({ result }) => result.id)
        .toSorted();
    expect(chosen()).toHaveLength(4);
    expect(chosen("refuted")).toEqual(["C38"]);
    expect(chosen("refuted", "obsolete")).toEqual(["C38", "C75"]);
    expect(chosen("holds-with-limits")).toEqual(["C04"]);
    expect(chosen("everyday-limits", "holds")).toEqual(["C04", "C212"]);
    expect(chosen("rare-limits")).toEqual([]);
  });

  test.each([
    [() => chosenIds(["C999x"], []), /There is no claim C999x\./],
    [
      () => chosenIds([], ["close-wat"]),
      /There is no area close-wat\. Did you mean close-wait\? The areas are: states,/,
    ],
    [
      () => withVerdict([], ["refutd"]),
      /There is no verdict refutd\. Did you mean refuted\? The verdicts are: holds,/,
    ],
  ])("and an unknown word is refused, with the nearest one", (choose, sentence) => {
    expect(choose).toThrow(UsageError);
    expect(choose).toThrow(sentence);
  });
});
