import { describe, expect, test } from "vitest";
import { commandOf } from "./command.ts";
import { PageError } from "./page-error.ts";

const recording = "results/reference/handshake/accepted.ndjson";

describe("a command of a page", () => {
  test.each([
    ["run", { kind: "run", ids: [], all: false, variant: undefined, verbose: false }],
    ["run a b --verbose", { kind: "run", ids: ["a", "b"], all: false, variant: undefined, verbose: true }],
    ["run a --variant v", { kind: "run", ids: ["a"], all: false, variant: "v", verbose: false }],
    ["run --all", { kind: "run", ids: [], all: true, variant: undefined, verbose: false }],
    [`judge ${recording}`, { kind: "judge", recordings: [recording], verbose: false }],
    [`report ${recording} --verbose`, { kind: "report", recordings: [recording], verbose: true }],
    [`report ${recording} --ladder`, { kind: "ladder", recordings: [recording] }],
    [
      `report ${recording} --ladder --link 1 --connection 2`,
      { kind: "ladder", recordings: [recording], connection: 2, link: 1 },
    ],
    [`report ${recording} --ends`, { kind: "ends", recordings: [recording] }],
    ["claims --run", { kind: "claims", ids: [], verbose: false, language: "en" }],
    ["claims C16 --lang zh", { kind: "claims", ids: ["C16"], verbose: false, language: "zh" }],
  ])("is `npx lastack %s`", (words, command) => {
    expect(commandOf(`npx lastack ${words}`)).toEqual(command);
  });

  test.each([
    "ss -tan",
    "npx other run a",
    "npx lastack serve a/buggy --port 8080",
    "npx lastack compare",
    "npx lastack run a --hold",
    "npx lastack run a --pcap",
    "npx lastack run ./mine.ts",
    "npx lastack report results/runs/now/a/buggy.ndjson --ladder",
    `npx lastack report ${recording} --json`,
    `npx lastack report ${recording} --ladder | head -3`,
  ])("is not `%s`: no recording has the answer", (line) => {
    expect(commandOf(line)).toBeNull();
  });

  test.each(["npx lastack run a --vairant v", `npx lastack judge ${recording} --ladder`])(
    "is refused where lastack refuses it: `%s`",
    (line) => {
      expect(() => commandOf(line)).toThrow(PageError);
    },
  );
});
