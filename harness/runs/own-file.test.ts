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
import { run } from "./run.ts";

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

test.each([{ jobs: 0 }, { jobs: Number.NaN }, { repeat: -1 }, { repeat: 1.5 }])(
  "the library refuses what the command line refuses: %j",
  async (options) => {
    await expect(run(experiment, options)).rejects.toThrow(
      /^(?:jobs|repeat) is a whole number from 1 on, but it is /,
    );
  },
);
