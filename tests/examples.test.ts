import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { STATEMENTS } from "../harness/claims/statements.ts";
import { COMMANDS, HELP } from "../harness/cli/commands.ts";
import { packageRoot } from "../harness/lab/paths.ts";
import { loadCatalogue } from "../harness/runs/catalogue.ts";
import { variantsOf } from "../harness/runs/plan.ts";
import { serversOf } from "../harness/runs/servers.ts";
import { readPages, readSourcesOfPrograms } from "../scripts/pages/project.ts";
import { exampleFault, type Existing } from "./examples/fault.ts";
import {
  explainedOf,
  OF_OTHERS,
  optionsOfPage,
  optionsOfSource,
  scriptsOf,
  shortCommandsOf,
} from "./examples/options.ts";
import { examplesOfHelp, examplesOfPage, wordsOf } from "./examples/words.ts";

let existing: Existing;

beforeAll(async () => {
  const entries = await loadCatalogue();
  const help = await Promise.all(
    [...COMMANDS].map(async ([name, { load }]) => [name, (await load()).command.help] as const),
  );
  existing = {
    help: new Map([...help, ["help", ""]]),
    trials: entries.flatMap(({ experiment }) =>
      variantsOf(experiment).map((variant) => `${experiment.id}/${variant}`),
    ),
    servers: serversOf(entries),
    claims: STATEMENTS.map(({ id }) => id),
  };
});

/** The faults of examples. */
const faultsOf = (examples: string[][]): string[] =>
  examples.flatMap((words) => {
    const fault = exampleFault(words, existing);
    return fault === null ? [] : [`lastack ${words.join(" ")}: ${fault}`];
  });

test("every example of every help text names what exists", () => {
  const examples = [HELP, ...existing.help.values()].flatMap(examplesOfHelp);
  expect(examples.length).toBeGreaterThan(40);
  expect(faultsOf(examples)).toEqual([]);
});

test("every command line of every page names what exists", () => {
  const pages = [...readPages()].map(([path, text]) => ({ path, examples: examplesOfPage(text) }));
  expect(pages.flatMap(({ examples }) => examples).length).toBeGreaterThan(150);
  const faults = pages.flatMap(({ path, examples }) =>
    faultsOf(examples).map((fault) => `${path}: ${fault}`),
  );
  expect(faults).toEqual([]);
});

describe("the sentences of pages", () => {
  const pages = [...readPages()];
  const sources = [...readSourcesOfPrograms()].map(([, source]) => source);

  test("name only options that a program has", () => {
    const ofHelp = [...existing.help.values()].flatMap((help) => help.match(/--[a-z][\w-]*/g) ?? []);
    const known = new Set([...ofHelp, ...sources.flatMap(optionsOfSource), ...Object.keys(OF_OTHERS)]);
    const named = pages.flatMap(([path, text]) => optionsOfPage(text).map((option) => ({ path, option })));
    expect(named.length).toBeGreaterThan(100);
    expect(named.filter(({ option }) => !known.has(option))).toEqual([]);
  });

  test("name only options that the command beside them has", () => {
    const commands = [...COMMANDS.keys()];
    const named = pages.flatMap(([path, text]) =>
      [...shortCommandsOf(text, commands), ...explainedOf(text)].map((words) => ({ path, words })),
    );
    expect(named.filter(({ words }) => words.length > 1).length).toBeGreaterThan(5);
    const faults = named.flatMap(({ path, words }) => faultsOf([words]).map((fault) => `${path}: ${fault}`));
    expect(faults).toEqual([]);
  });

  test("name only npm scripts that exist", () => {
    const { scripts } = JSON.parse(readFileSync(join(packageRoot, "package.json"), "utf8")) as {
      scripts: Record<string, string>;
    };
    const named = pages.flatMap(([path, text]) => scriptsOf(text).map((script) => ({ path, script })));
    expect(named.length).toBeGreaterThan(20);
    expect(named.filter(({ script }) => !(script in scripts))).toEqual([]);
  });
});

test("README names every command, in English and in Chinese, in its list", () => {
  const pages = readPages();
  const shown = [...COMMANDS.keys()].filter((name) => name !== "part");
  for (const path of ["README.md", "README.zh-CN.md"]) {
    const block = /^## (?:Commands|命令)\n+```\n(.*?)```/ms.exec(pages.get(path) ?? "")?.[1] ?? "";
    expect(
      shown.filter((name) => !block.includes(`npx lastack ${name}`)),
      path,
    ).toEqual([]);
  }
});

describe("the rules", () => {
  test.each<[string, string | null]>([
    ["report results/runs/2026-11-21T05-44-23Z/handshake/plain.ndjson --ladder", "does not exist"],
    ["report results/runs/2026-11-21T05-44-23Z/last-ack-lost --ladder", null],
    ["report results/reference/close-wait-leak/bugy.ndjson", "does not exist"],
    ["judge results/runs/*/close-wait-leak/*.ndjson --json", null],
    ["run close-wait-leak/fixd", "close-wait-leak/fixd does not exist"],
    ["run 'close-*' --repeat 20 --json", null],
    ["run close-wait-leak --variant bugy", "has a variant bugy"],
    ["run close-wait-leak --frob", "run has no option --frob"],
    ["serve close-wait-leak/buggy --port 8080 -- --nosuch", null],
    ["serve nosuch/buggy", "nosuch/buggy does not exist"],
    ["claims C999", "C999 does not exist"],
    ["lst", "there is no command lst"],
  ])("%s", (line, fault) => {
    const found = exampleFault(wordsOf(line), existing);
    if (fault === null) expect(found).toBeNull();
    else expect(found).toContain(fault);
  });
});
