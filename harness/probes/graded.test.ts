import { describe, expect, test } from "vitest";
import type { ProbeClaim } from "../model/probe.ts";
import type { ProgramSample } from "../model/sample.ts";
import type { Outcome, Verdict } from "../model/verdict.ts";
import { at, handMade } from "../recording/hand-made.fixture.ts";
import { graded } from "./graded.ts";

const claimOf = (claim: string, more: Partial<ProbeClaim> = {}): ProbeClaim => ({
  claim,
  because: "b",
  needs: [],
  test: () => ({ holds: true, observed: "o" }),
  ...more,
});
const verdictOf = (...outcomes: Outcome[]): Verdict => ({
  outcome: "confirmed",
  findings: outcomes.map((outcome, nth) => ({ claim: String(nth), because: "b", observed: "o", outcome })),
});
const server = (
  ms: number,
  event: ProgramSample["event"],
  more: Partial<ProgramSample> = {},
): ProgramSample => ({
  ...at(ms),
  kind: "program",
  program: "server",
  event,
  pid: 7,
  ...more,
});

describe("what is informational", () => {
  const plain = [claimOf("0"), claimOf("1", { otherwise: "informational" })];
  const told = [claimOf("0"), claimOf("1", { otherwise: "informational", isTold: true })];
  const grade = (claims: ProbeClaim[], ...outcomes: Outcome[]): string =>
    graded(claims, verdictOf(...outcomes), handMade([])).outcome;

  test("decides nothing", () => {
    expect(grade(plain, "confirmed", "refuted")).toBe("pass");
  });

  test("and is told, makes a probe informational that would pass, when it does not hold", () => {
    expect(grade(told, "confirmed", "refuted")).toBe("informational");
    expect(grade(told, "confirmed", "confirmed")).toBe("pass");
    expect(grade(told, "confirmed", "inconclusive")).toBe("pass");
    expect(grade(told, "refuted", "refuted")).toBe("fail");
    expect(grade(told, "inconclusive", "refuted")).toBe("inconclusive");
  });
});

describe("a server that ends by itself", () => {
  const end = server(20, "failed", {
    code: 1,
    because: "ended by itself, with exit code 1",
    lastLines: ["no room"],
  });
  const refusal = { claim: "it starts", because: "b" };
  const grade = (samples: ProgramSample[], may?: typeof refusal): string =>
    graded([claimOf("0")], verdictOf("inconclusive"), handMade(samples), may).outcome;

  test("after it was ready fails, whatever it may refuse", () => {
    expect(grade([server(10, "ready"), end])).toBe("fail");
    expect(grade([server(10, "ready"), end], refusal)).toBe("fail");
  });

  test("before it was ready is informational where it may refuse to start, and elsewhere inconclusive", () => {
    expect(grade([end], refusal)).toBe("informational");
    expect(grade([end])).toBe("inconclusive");
  });

  test("because it was not ready in its time has refused nothing", () => {
    expect(grade([server(20, "failed", { because: "did not listen within 10 ms" })], refusal)).toBe(
      "inconclusive",
    );
  });
});
