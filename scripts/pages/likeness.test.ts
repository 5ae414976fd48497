import { describe, expect, test } from "vitest";
import { likeness, partsOf } from "./likeness.ts";

const alike = (a: string, b: string): number => likeness(partsOf(a), partsOf(b));

describe("likeness", () => {
  test.each([
    ["client connector TIME-WAIT 97 → 97", "client connector TIME-WAIT   -"],
    ["   151.293 │◀─── ACK seq=1 ack=98 ──│ ESTABLISHED", "  7.1 │◀── ACK seq=1 ack=98 ─────│"],
    ["默认为 61.56 秒", "默认为 61.85 秒"],
  ])("is there between %j and %j", (a, b) => {
    expect(alike(a, b)).toBeGreaterThan(0);
    expect(alike(a, b)).toBeLessThan(alike(a, a));
  });

  test.each([
    ["client connector FIN-WAIT-1 97 → 97", "client connector FIN-WAIT-2 97 → 97"],
    ["load response timeout 12", "load response ECONNRESET 12"],
    ["something", ""],
    ["", "something"],
  ])("is none between %j and %j", (a, b) => {
    expect(alike(a, b)).toBe(0);
  });

  test("is greater if figures are the same", () => {
    expect(alike("ACK seq=1 at 0.1", "ACK seq=1 at 0.2")).toBeGreaterThan(
      alike("ACK seq=1 at 0.1", "ACK seq=2 at 0.2"),
    );
  });

  test("is small between two empty lines, because they are everywhere", () => {
    expect(alike("", "")).toBeGreaterThan(0);
    expect(alike("", "")).toBeLessThan(alike("ok 1", "ok 2"));
  });
});
