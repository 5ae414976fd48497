import { expect, test } from "vitest";
import { PLAN_FIGURES } from "../../harness/load/plan.ts";
import { readOptions, targetText } from "./options.ts";
import { tcp } from "../raw/tcp.ts";
import { usage } from "./usage.ts";

const LEAST = ["--to", "127.0.0.1:8080", "--attempts", "97"];
const SHORT = { keepOpen: false, flags: [] };
const LONG = { keepOpen: true, flags: [] };
const TIMED = ["--to", "127.0.0.1:8080", "--duration-ms", "1000"];

test("a plan takes the given values, and the defaults for the rest", () => {
  const ordinary = {
    to: { address: "127.0.0.1", port: 8080 },
    close: "client",
    report: "attempts",
    open: false,
    atSignal: false,
    attempts: 97,
    durationMs: Infinity,
    warmUpMs: 0,
    ratePerSecond: 0,
    concurrency: 1,
    threads: 1,
    requestsPerConnection: Infinity,
    timeoutMs: 5000,
    holdMs: 0,
    delayMs: 0,
    withinMs: 60_000,
  };
  expect(readOptions(LEAST, SHORT)).toEqual({ said: {}, plan: ordinary });
  const all =
    "--to [::1]:80 --attempts=23 --rate 2.5 --concurrency 5 --threads 3 --close reset --timeout-ms 7 --hold-ms 8 --within-ms 9 --warm-up-ms 6 --report histograms --open --requests-per-connection 11 --delay-ms 10 --at-signal";
  const plan = {
    to: { address: "::1", port: 80 },
    close: "reset",
    report: "histograms",
    open: true,
    atSignal: true,
    attempts: 23,
    durationMs: Infinity,
    warmUpMs: 6,
    ratePerSecond: 2.5,
    concurrency: 5,
    threads: 3,
    requestsPerConnection: 11,
    timeoutMs: 7,
    holdMs: 8,
    delayMs: 10,
    withinMs: 9,
  };
  expect(readOptions(all.split(" "), LONG)).toEqual({ said: {}, plan });
});

test("the values of a protocol's flags are passed on as they are", () => {
  const flags = ["path", "header"].map((flag) => ({ flag, placeholder: "X", meaning: "" }));
  const args = [...LEAST, "--header", "a: b", "--header", "c: d"];
  expect(readOptions(args, { keepOpen: false, flags })).toMatchObject({
    said: { path: [], header: ["a: b", "c: d"] },
  });
  expect(() => readOptions(args, SHORT)).toThrow("'--header'");
});

test("a run with a duration may last a minute longer, unless --within-ms is given", () => {
  const timed = ["--to", "127.0.0.1:8080", "--duration-ms", "600000"];
  expect(readOptions(timed, SHORT)).toMatchObject({
    plan: { attempts: Infinity, durationMs: 600_000, withinMs: 660_000 },
  });
  expect(readOptions([...timed, "--within-ms", "600000"], SHORT)).toMatchObject({
    plan: { withinMs: 600_000 },
  });
});

test.each([
  [["--attempts", "97"], /^--to takes ADDRESS:PORT.*is missing$/],
  [["--to", "127.0.0.1:8080"], /^say either --attempts or --duration-ms, and not both$/],
  [[...LEAST, "--duration-ms", "1000"], /^say either --attempts or --duration-ms, and not both$/],
  [[...TIMED, "--within-ms", "999"], /^--within-ms must not be less than --duration-ms$/],
  [[...LEAST, "--threads", "2"], /^--threads must not be more than --concurrency$/],
  [[...LEAST, "--open"], /^--open needs --rate/],
  [[...LEAST, "--warm-up-ms", "1"], /^--warm-up-ms needs --report histograms/],
  [
    [...TIMED, "--report", "histograms", "--warm-up-ms", "1000"],
    /^--warm-up-ms must be less than --duration-ms$/,
  ],
  [[...LEAST, "--requests-per-connection", "5"], /^--requests-per-connection is for the long clients/],
  [[...LEAST, "--report", "lines"], /^--report takes one of attempts, histograms, not "lines"$/],
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
  expect(() => readOptions(args, SHORT)).toThrow(sentence);
  expect(() => readOptions(args, SHORT)).not.toThrow(/\n/);
});

test("every figure has bounds, and values at the bounds are accepted", () => {
  for (const { flag, least, most } of Object.values(PLAN_FIGURES)) {
    expect(most).toBeLessThanOrEqual(3_600_000);
    const others = [
      ...(flag === "duration-ms" ? LEAST.slice(0, 2) : LEAST),
      ...(flag === "threads" ? ["--concurrency", "64"] : []),
    ];
    const read = (value: number): unknown =>
      readOptions([...others, "--report", "histograms", `--${flag}`, String(value)], LONG);
    expect(() => read(least)).not.toThrow();
    expect(() => read(most)).not.toThrow();
    expect(() => read(most + 1)).toThrow(`--${flag} takes`);
  }
});

test("the help text names every flag and ends with an example", () => {
  expect(readOptions(["--help"], SHORT)).toBe("help");
  const text = usage("short-tcp", "a summary", tcp.flags);
  for (const { flag } of Object.values(PLAN_FIGURES)) expect(text).toContain(`--${flag} `);
  for (const flag of ["--to", "--close", "--report", "--open", "--send"])
    expect(text).toContain(`\n  ${flag} `);
  expect(text.trimEnd().split("\n").at(-1)).toMatch(/^ {2}node dist\/clients\/short-tcp\.js --to /);
});

test("a target is written in the form in which it is read", () => {
  expect(targetText({ address: "::1", port: 80 })).toBe("[::1]:80");
  expect(targetText({ address: "192.0.2.1", port: 80 })).toBe("192.0.2.1:80");
});
