import { expect, test } from "vitest";
import { PLAN_FIGURES } from "../../harness/load/plan.ts";
import { readOptions, targetText } from "./options.ts";
import { usage } from "./usage.ts";

const LEAST = ["--to", "127.0.0.1:8080", "--attempts", "97"];

test("a plan takes what is said and the ordinary value for the rest", () => {
  expect(readOptions(LEAST)).toEqual({
    to: { address: "127.0.0.1", port: 8080 },
    close: "client",
    attempts: 97,
    ratePerSecond: 0,
    concurrency: 1,
    timeoutMs: 5000,
    holdMs: 0,
    withinMs: 60_000,
  });
  const all =
    "--to [::1]:80 --attempts=23 --rate 2.5 --concurrency 5 --close reset --timeout-ms 7 --hold-ms 8 --within-ms 9";
  expect(readOptions(all.split(" "))).toEqual({
    to: { address: "::1", port: 80 },
    close: "reset",
    attempts: 23,
    ratePerSecond: 2.5,
    concurrency: 5,
    timeoutMs: 7,
    holdMs: 8,
    withinMs: 9,
  });
});

test.each([
  [["--attempts", "97"], /^--to takes ADDRESS:PORT.*is missing$/],
  [["--to", "127.0.0.1:8080"], /^--attempts is missing/],
  [[...LEAST, "--to", "::1:80"], /^--to takes ADDRESS:PORT.*not "::1:80"$/],
  [[...LEAST, "--to", "127.0.0.1:0"], /^--to takes/],
  [[...LEAST, "--to", "127.0.0.1:65536"], /^--to takes/],
  [[...LEAST, "--close", "both"], /^--close takes one of client, server, reset, not "both"$/],
  [[...LEAST, "--attempts", "1000001"], /^--attempts takes a whole number from 1 to 1000000, not "1000001"$/],
  [[...LEAST, "--attempts", "2.5"], /^--attempts takes a whole number/],
  [[...LEAST, "--rate", "1e3"], /^--rate takes a number from 0 to 100000, not "1e3"$/],
  [[...LEAST, "--rate", ""], /^--rate takes a number/],
  [[...LEAST, "--rate", "-1"], /'--rate'/],
  [[...LEAST, "--bogus"], /'--bogus'/],
  [[...LEAST, "stray"], /'stray'/],
])("%j is refused in one sentence", (args, sentence) => {
  expect(() => readOptions(args)).toThrow(sentence);
  expect(() => readOptions(args)).not.toThrow(/\n/);
});

test("every figure has a bound, and its bounds are let through", () => {
  for (const { flag, least, most } of Object.values(PLAN_FIGURES)) {
    expect(most).toBeLessThanOrEqual(3_600_000);
    expect(() => readOptions([...LEAST, `--${flag}`, String(least)])).not.toThrow();
    expect(() => readOptions([...LEAST, `--${flag}`, String(most)])).not.toThrow();
    expect(() => readOptions([...LEAST, `--${flag}`, String(most + 1)])).toThrow(flag);
  }
});

test("help names every flag and ends in an example", () => {
  expect(readOptions(["--help"])).toBe("help");
  const text = usage("short-tcp", "a summary");
  for (const { flag } of Object.values(PLAN_FIGURES)) expect(text).toContain(`--${flag} `);
  expect(text.trimEnd().split("\n").at(-1)).toMatch(/^ {2}node dist\/clients\/short-tcp\.js --to /);
});

test("a target is written as it is read", () => {
  expect(targetText({ address: "::1", port: 80 })).toBe("[::1]:80");
  expect(targetText({ address: "192.0.2.1", port: 80 })).toBe("192.0.2.1:80");
});
