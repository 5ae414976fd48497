import { describe, expect, test } from "vitest";
import { samplesOf } from "../measure/evidence.ts";
import { at, group, handMade, socketsAt } from "../recording/hand-made.fixture.ts";
import { exactly } from "../verdict/vocabulary/bound.ts";
import type { Figure } from "../verdict/vocabulary/figure.ts";
import { is, reads } from "../verdict/vocabulary/of-figures.ts";
import type { Circumstance, Rule } from "./claim.ts";
import { everyday, on, rare } from "./circumstance.ts";
import { settle as settleDescribed, type Recorded } from "./settle.ts";

/** A trial whose samples contain this many TIME-WAIT; null: a trial without samples of sockets. */
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

/** The variant's name is also its summary. */
const settle = (rule: Rule, found: Recorded) =>
  settleDescribed(rule, found, (name) => {
    const variant = name.replace("e/", "");
    return { en: `in ${variant}`, zh: `在 ${variant} 中` };
  });

const sockets: Figure = {
  name: { en: "sockets", zh: "套接字" },
  needs: ["sockets"],
  of: (recording) =>
    samplesOf(recording, "sockets")
      .flatMap(({ groups }) => groups)
      .reduce((sum, { count }) => sum + count, 0),
};
const one = is(sockets, exactly(1));
const when = (variant: string): Circumstance => on(`e/${variant}`, one);
const beside = (variant: string): Rule["beyond"][number] => rare(`e/${variant}`, one);
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
    ["holds", { beyond: [beside("one")] }],
    ["holds-with-limits", { beyond: [beside("none")] }],
    ["holds-with-limits", { beyond: [beside("none"), beside("blind")] }],
    ["refuted", { under: [when("one"), when("none")] }],
    ["refuted", { under: [when("none"), when("blind")] }],
    ["inconclusive", { under: [when("blind")] }],
    ["inconclusive", { under: [when("nobody-recorded-it")] }],
    ["inconclusive", { beyond: [beside("blind")] }],
    ["obsolete", { under: [when("none")], history: { text: { en: "once", zh: "曾经" }, source: "s" } }],
    ["holds", { history: { text: { en: "once", zh: "曾经" }, source: "s" } }],
  ] as [string, Partial<Rule>][])("is %s, by what was recorded (%#)", (verdict, changes) => {
    expect(settle(rule(changes), from).verdict).toBe(verdict);
  });

  test("that holds with limits says whether one of them is an everyday limit", () => {
    const often = everyday("e/none", one);
    expect(settle(rule({ beyond: [beside("none"), often] }), from).met).toBe("everyday");
    expect(settle(rule({ beyond: [beside("none"), everyday("e/one", one)] }), from).met).toBe("rare");
    expect(settle(rule({ under: [when("none")], beyond: [often] }), from).met).toBeUndefined();
  });

  test("that cannot be tried says why, and what was tried instead", () => {
    const untestable = {
      reason: { en: "it is set for the whole machine", zh: "整机设置" },
      instead: { en: "the law was", zh: "只验证规律" },
      isPerMachine: true,
    };
    const settled = settle(rule({ untestable }), from);
    expect(settled).toMatchObject({ verdict: "not-testable", observed: { en: "in one: sockets: 1" } });
    expect(settled.because.en).toBe("it is set for the whole machine; the law was");
    expect(settle(rule({ untestable, under: [when("blind")] }), from).verdict).toBe("inconclusive");
  });

  test("shows what decided, in both languages", () => {
    const because = { "holds-with-limits": { en: "because", zh: "因为" } };
    const beyond = [beside("one"), beside("none")];
    const settled = settle(rule({ because, under: [when("one")], beyond }), from);
    expect(settled).toMatchObject({
      observed: {
        en: "in one: sockets: 1; in none: sockets: 0",
        zh: "在 one 中：套接字：1；在 none 中：套接字：0",
      },
      because: { en: "because", zh: "因为" },
      experiment: "e/one",
    });
    expect(settle(rule({ because, under: [when("none")] }), from).because.en).toBe(
      "on this kernel it failed: in none",
    );
  });

  test("gives a reason once that makes all of its questions inconclusive", () => {
    const settled = settle(rule({ under: [on("e/blind", one, one)] }), from);
    expect(settled.observed.en).toBe("in blind: no sockets sample was recorded");
  });

  test("can ask several recordings at once, and each must be sound", () => {
    const how = {
      needs: ["sockets" as const],
      test: (...all: unknown[]) => ({ holds: all.length === 2, observed: `${all.length} more` }),
    };
    const both = (...names: [string, ...string[]]): Circumstance => on(names, how);
    const two = settle(rule({ under: [both("e/one", "e/none")] }), from);
    expect(two).toMatchObject({
      verdict: "holds",
      observed: {
        en: "one (in one); none (in none): 2 more",
        zh: "one（在 one 中）；none（在 none 中）：2 more",
      },
    });
    const blind = settle(rule({ under: [both("e/one", "e/blind")] }), from);
    expect(blind.verdict).toBe("inconclusive");
    expect(blind.observed.en).toMatch(/: no sockets sample was recorded$/);
    const cut = { ...trial(1), cutOff: "the trial did not write its end" };
    const half = settle(rule({}), () => cut);
    expect(half.verdict).toBe("inconclusive");
    expect(half.observed.en).toMatch(/not whole/);
  });

  test("can be about words", () => {
    const errno = (value: string | null): Circumstance => {
      const name = { en: "connect() gave", zh: "connect() 返回" };
      return on("e/one", reads({ name, needs: [], of: () => value }, "ETIMEDOUT"));
    };
    expect(settle(rule({ under: [errno("ETIMEDOUT")] }), from)).toMatchObject({
      verdict: "holds",
      observed: { en: "in one: connect() gave: ETIMEDOUT" },
    });
    expect(settle(rule({ under: [errno("EIO")] }), from).verdict).toBe("refuted");
    expect(settle(rule({ under: [errno(null)] }), from).verdict).toBe("inconclusive");
  });
});
