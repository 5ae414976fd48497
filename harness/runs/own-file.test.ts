import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { fact } from "../experiment.ts";
import { setupOf } from "../model/short-setup.ts";
import { exactly } from "../verdict/vocabulary/bound.ts";
import { socketsAtEndOf } from "../verdict/vocabulary/sockets.ts";
import { select } from "./catalogue.ts";
import { checkedEntry } from "./own-file.ts";
import { run, type RunOptions } from "./run.ts";

const folder = mkdtempSync(join(tmpdir(), "lastack-own-file-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const experiment = fact({
  id: "mine",
  title: "Mine",
  question: "Does it?",
  tags: [],
  variants: {
    plain: {
      summary: "as it is",
      setup: setupOf({ phases: [{ name: "load", until: { elapsedMs: 10 } }] }),
      exact: [socketsAtEndOf("load", { state: "CLOSE-WAIT" }, exactly(0)).because("nobody connects")],
    },
  },
});

test("an experiment that can be run is taken as it is, and every problem of another is named", () => {
  expect(checkedEntry(experiment, "/", "mine")).toEqual({ experiment, baseDir: "/" });
  const { plain } = experiment.variants;
  const wrong = { ...experiment, variants: { plain: { ...plain, exact: [] } }, tag: [] };
  expect(() => checkedEntry(wrong, "/", "mine.mjs")).toThrow(
    /^mine\.mjs cannot be run:\n {2}.*there is no claim.*\n {2}.*"tag": Did you mean tags\?$/s,
  );
});

test("a file that is no experiment's is named for what it is", async () => {
  const file = join(folder, "mine.cjs");
  writeFileSync(file, "");
  await expect(select([file], false)).rejects.toThrow(
    /is no experiment: a file of your own ends in \.ts, \.js or \.mjs\.$/,
  );
  await expect(select([join(folder, "none.ts")], false)).rejects.toThrow(/none\.ts does not exist\.$/);
});

test.each<[unknown, RegExp]>([
  [{ jobs: 0 }, /options\.jobs: expected a whole number from 1 on, but it is 0$/],
  [{ jobs: Number.NaN }, /options\.jobs: expected a whole number from 1 on, but it is NaN$/],
  [{ repeat: 1.5 }, /options\.repeat: expected a whole number from 1 on, but it is 1\.5$/],
  [{ job: 2 }, /options: has the unknown key "job": Did you mean jobs\?$/],
  [{ out: 7 }, /options\.out: expected a text, but it is 7$/],
  [{ pcap: "yes" }, /options\.pcap: expected a boolean, but it is "yes"$/],
  [
    { variant: [1] },
    /options\.variant: expected the name of a variant, or a list of names, but it is \[1\]$/,
  ],
  [{ watch: { begin() {} } }, /options\.watch\.planned: expected a function, but it is undefined\n/],
  [{ signal: 7 }, /options\.signal: expected an AbortSignal, but it is 7$/],
  [null, /options: expected an object, but it is null$/],
])("options that the library cannot take are named: %j", async (options, problem) => {
  const given = options as RunOptions;
  await expect(run(experiment, given)).rejects.toThrow(/^run\(\) cannot take these arguments:\n/);
  await expect(run(experiment, given)).rejects.toThrow(problem);
});

test("what is no experiment is named as such", async () => {
  await expect(run(42 as unknown as string)).rejects.toThrow(
    /what: expected an id, a glob or a file, a list of some of these, or an experiment, but it is 42$/,
  );
  await expect(run([])).rejects.toThrow(/what: expected .*, a list of some of these, .* but it is \[\]$/);
  await expect(run({} as unknown as string)).rejects.toThrow(/^the experiment cannot be run:\n {2}kind: /);
});

test("a file that ends the process is refused instead, and process.exit() is as before afterwards", async () => {
  const before = Object.getOwnPropertyDescriptor(process, "exit");
  const file = join(folder, "exits.mjs");
  writeFileSync(file, "\nprocess.exit(0);\n");
  await expect(select([file], false)).rejects.toThrow(
    /cannot be loaded: it called process\.exit\(0\): leave that call out \(line 2\)$/,
  );
  expect(Object.getOwnPropertyDescriptor(process, "exit")).toEqual(before);
});

test("a function of the vocabulary that gets a wrong argument is named, with its line", async () => {
  const file = join(folder, "argument.mjs");
  const vocabulary = JSON.stringify(new URL("../experiment.ts", import.meta.url).href);
  writeFileSync(file, `import { attemptsOk } from ${vocabulary};\nattemptsOk({}, 23);\n`);
  await expect(select([file], false)).rejects.toThrow(
    expect.objectContaining({
      name: "UsageError",
      message: `${file} cannot be run: attemptsOk(): bound is 23; expected exactly(), atLeast(), atMost() or between() (line 2)`,
    }),
  );
});
