import { describe, expect, test } from "vitest";
import { at, group, handMade, socketsAt } from "../recording/hand-made.ts";
import { exactly } from "../verdict/bound.ts";
import { samplesOf } from "../measure/evidence.ts";
import { figureOf, wordsOf } from "./ask.ts";
import type { Condition, Rule } from "./claim.ts";
import { settle } from "./settle.ts";

/** A trial in which so many TIME-WAIT were seen; null: one that did not look at sockets. */
const trial = (timeWait: number | null) =>
  handMade([
    ...(timeWait === null ? [] : [socketsAt(at(10), "client", [group("TIME-WAIT", "connector", timeWait)])]),
  ]);

const recorded: Record<string, ReturnType<typeof trial>> = {
  "e/none": trial(0),
  "e/one": trial(1),
  "e/blind": trial(null),
};
const from = (name: string) => recorded[name] ?? null;

const one = figureOf(
  { en: "{} sockets", zh: "{} 个套接字" },
  {
    needs: ["sockets"],
    of: (recording) =>
      samplesOf(recording, "sockets")
        .flatMap(({ groups }) => groups)
        .reduce((sum, { count }) => sum + count, 0),
  },
  exactly(1),
);
const when = (variant: string): Condition => ({
  where: { en: `in ${variant}`, zh: `在 ${variant} 中` },
  in: [`e/${variant}`],
  asks: [one],
});
const rule = (changes: Partial<Rule>): Rule => ({
  id: "C1",
  under: [when("one")],
  beyond: [],
  because: {},
  ...changes,
});

describe("a claim", () => {
  test.each([
    ["holds", {}],
    ["holds", { beyond: [when("one")] }],
    ["holds-with-limits", { beyond: [when("none")] }],
    ["holds-with-limits", { beyond: [when("none"), when("blind")] }],
    ["refuted", { under: [when("one"), when("none")] }],
    ["refuted", { under: [when("none"), when("blind")] }],
    ["inconclusive", { under: [when("blind")] }],
    ["inconclusive", { under: [when("nobody-recorded-it")] }],
    ["inconclusive", { beyond: [when("blind")] }],
    ["obsolete", { under: [when("none")], history: { text: { en: "once", zh: "曾经" }, source: "s" } }],
    ["holds", { history: { text: { en: "once", zh: "曾经" }, source: "s" } }],
  ] as [string, Partial<Rule>][])("is %s, by what was recorded (%#)", (verdict, changes) => {
    expect(settle(rule(changes), from).verdict).toBe(verdict);
  });

  test("that cannot be tried says why, and what was tried instead", () => {
    const untestable = {
      reason: { en: "it is set for the whole machine", zh: "整机设置" },
      instead: { en: "the law was", zh: "只验证规律" },
      isPerMachine: true,
    };
    const settled = settle(rule({ untestable }), from);
    expect(settled).toMatchObject({ verdict: "not-testable", observed: { en: "in one: 1 sockets" } });
    expect(settled.because.en).toBe("it is set for the whole machine; the law was");
    expect(settle(rule({ untestable, under: [when("blind")] }), from).verdict).toBe("inconclusive");
  });

  test("is spoken of by what decided, in both languages", () => {
    const because = { "holds-with-limits": { en: "because", zh: "因为" } };
    const settled = settle(
      rule({ because, under: [when("one")], beyond: [when("one"), when("none")] }),
      from,
    );
    expect(settled).toMatchObject({
      observed: {
        en: "in one: 1 sockets; in none: 0 sockets",
        zh: "在 one 中：1 个套接字；在 none 中：0 个套接字",
      },
      because: { en: "because", zh: "因为" },
      experiment: "e/one",
    });
    expect(settle(rule({ because, under: [when("none")] }), from).because.en).toBe(
      "on this kernel it failed: in none",
    );
  });

  test("says once what keeps all of its questions from being answered", () => {
    const settled = settle(rule({ under: [{ ...when("blind"), asks: [one, one] }] }), from);
    expect(settled.observed.en).toBe("in blind: no sockets sample was recorded");
  });

  test("may ask several recordings at once, and each must have been sound", () => {
    const more = figureOf(
      { en: "{} more", zh: "多 {} 个" },
      { needs: ["sockets"], of: (...all) => all.length },
      exactly(2),
    );
    const both = (...names: [string, ...string[]]): Condition => ({
      ...when("one"),
      in: names,
      asks: [more],
    });
    expect(settle(rule({ under: [both("e/one", "e/none")] }), from).verdict).toBe("holds");
    const blind = settle(rule({ under: [both("e/one", "e/blind")] }), from);
    expect(blind).toMatchObject({
      verdict: "inconclusive",
      observed: { en: "in one: no sockets sample was recorded" },
    });
    const cut = { ...trial(1), cutOff: "the trial did not write its end" };
    const half = settle(rule({}), () => cut);
    expect(half.verdict).toBe("inconclusive");
    expect(half.observed.en).toMatch(/not whole/);
  });

  test("may be about words", () => {
    const errno = (value: string | null): Condition => ({
      ...when("one"),
      asks: [
        wordsOf(
          { en: "connect() gave {}", zh: "connect() 返回 {}" },
          { needs: [], of: () => value },
          "ETIMEDOUT",
        ),
      ],
    });
    expect(settle(rule({ under: [errno("ETIMEDOUT")] }), from)).toMatchObject({
      verdict: "holds",
      observed: { en: "in one: connect() gave ETIMEDOUT" },
    });
    expect(settle(rule({ under: [errno("EIO")] }), from).verdict).toBe("refuted");
    expect(settle(rule({ under: [errno(null)] }), from).verdict).toBe("inconclusive");
  });
});
