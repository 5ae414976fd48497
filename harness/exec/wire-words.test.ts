import fc from "fast-check";
import { expect, test } from "vitest";
import { wireOf } from "./wire-words.ts";

test("each form is understood", () => {
  expect(wireOf(["delay=50ms", "loss=1%", "rate=1mbit"])).toEqual({
    delayMs: [50, 50],
    loss: 0.01,
    bitsPerSecond: 1_000_000,
  });
  expect(wireOf(["delay=0.5s"])).toEqual({ delayMs: [500, 500] });
  expect(wireOf([])).toEqual({});
  expect(wireOf(["drop=SYN:2"])).toEqual({
    rules: [
      {
        name: "drop=SYN:2",
        match: { from: "client", flags: ["SYN"], without: ["ACK"], nth: { from: 2, to: 2 } },
        do: { drop: true },
      },
    ],
  });
});

test.each([
  "delay=50",
  "delay=61s",
  "loss=101%",
  "loss=1",
  "rate=0mbit",
  "rate=1",
  "drop=SYN",
  "drop=SYN:0",
  "drop=RST:1",
  "drop=toString:1",
  "jitter=1ms",
  "",
])("%j is refused, with the forms", (word) => {
  expect(() => wireOf([word])).toThrow(/--wire takes delay=50ms, loss=1%, rate=1mbit, drop=SYN:2/);
});

test("no text breaks it", () => {
  fc.assert(
    fc.property(fc.string(), (word) => {
      try {
        wireOf([word]);
      } catch (error) {
        expect((error as Error).name).toBe("UsageError");
      }
    }),
  );
});
