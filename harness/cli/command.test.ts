import { expect, test } from "vitest";
import { UsageError } from "../runs/errors.ts";
import { decimal, parseOptions } from "./command.ts";

const OPTIONS = {
  port: { type: "string" },
  variant: { type: "string", multiple: true },
  repeat: { type: "string" },
  duration: { type: "string" },
  json: { type: "boolean" },
  jobs: { type: "string" },
} as const;

test.each<[string[], RegExp]>([
  [["--prot", "80"], /^Unknown option '--prot'\. Did you mean --port\?/],
  [["--variants=a"], /^Unknown option '--variants'\. Did you mean --variant\?/],
  [["word", "-p", "80"], /^Unknown option '-p'\. Did you mean --port\?/],
  [["--repitions", "3"], /^Unknown option '--repitions'\. Did you mean --repeat\?/],
  [["--hepl"], /Did you mean --help\?/],
  [["--frobnicate"], /^Unknown option '--frobnicate'\. --help lists the options\.$/],
  // Two options begin with a j.
  [["-j"], /^Unknown option '-j'\. --help lists the options\.$/],
  [["--port", "1", "--port", "2"], /^--port was given more than once, and takes one value\.$/],
  [["--repeat", "1", "--repetitions", "2"], /^--repeat was given more than once/],
  [["--constructor"], /^Unknown option '--constructor'/],
  [["--port"], /^--port takes a value, and none follows it\.$/],
  [
    ["--port", "--json"],
    /^--port takes a value, and --json follows it\. If that is the value, write --port=--json\.$/,
  ],
  [["--json=3"], /^--json takes no value\.$/],
])("%j is wrong usage", (args, sentence) => {
  expect(() => parseOptions(args, OPTIONS)).toThrow(sentence);
  expect(() => parseOptions(args, OPTIONS)).toThrow(UsageError);
});

test("the other names of an option are understood, where the command has no option of that name", () => {
  expect(parseOptions(["--repetitions", "3", "--seconds=2"], OPTIONS).values).toEqual({
    repeat: "3",
    duration: "2",
  });
  expect(parseOptions(["--seconds", "2"], { seconds: { type: "string" } }).values).toEqual({ seconds: "2" });
  expect(parseOptions(["--", "--seconds"], OPTIONS).positionals).toEqual(["--seconds"]);
});

test("an option that needs another one is wrong usage without it", () => {
  const parse = (...args: string[]) => parseOptions(args, OPTIONS, { jobs: "json" }).values;
  expect(() => parse("--jobs", "2")).toThrow(new UsageError("--jobs means nothing without --json."));
  expect(parse("--jobs", "2", "--json")).toEqual({ jobs: "2", json: true });
  expect(parse("--port", "2")).toEqual({ port: "2" });
});

test("a negative number is the value of the option before it, so the command says what is allowed", () => {
  const negative = ["--duration", "-1", "--variant", "-.5", "--variant", "a", "-7"];
  expect(() => parseOptions(negative, OPTIONS)).toThrow(/^Unknown option '-7'/);
  expect(parseOptions(negative.slice(0, -1), OPTIONS).values).toEqual({
    duration: "-1",
    variant: ["-.5", "a"],
  });
  expect(parseOptions(["--duration", "5", "--", "--port", "-1"], OPTIONS).positionals).toEqual([
    "--port",
    "-1",
  ]);
});

test("an option that takes several values, and a switch, can be given twice", () => {
  const { values } = parseOptions(["--variant", "a", "--json", "--variant", "b", "--json"], OPTIONS);
  expect(values).toEqual({ variant: ["a", "b"], json: true });
});

test.each([
  ["2", 2],
  ["0.5", 0.5],
  [".5", 0.5],
  ["0.125", 0.125],
])("%s is a number of seconds", (text, value) => {
  expect(decimal(text, 3)).toBe(value);
});

test.each(["", ".", "5.", "-1", "1e3", "0x10", "1.0001", "1.2.3", " 1", "1234567890"])(
  "%j is no number with three digits after its point",
  (text) => {
    expect(decimal(text, 3)).toBeNaN();
  },
);
