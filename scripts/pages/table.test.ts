import { describe, expect, test } from "vitest";
import type { Experiment, Variant } from "../../harness/model/experiment.ts";
import { plainSetup } from "../../harness/recording/hand-made.fixture.ts";
import { idsInTables, withTables } from "./table.ts";

const variant: Variant = { summary: "", setup: plainSetup(), exact: [] };
const about = { question: "Why?", tags: [] };

function failureMode(id: string, ...cures: `fixed-by-${string}`[]): Experiment {
  const variants = {
    buggy: variant,
    fixed: variant,
    ...Object.fromEntries(cures.map((name) => [name, variant])),
  };
  return { ...about, kind: "failure-mode", id, title: `What ${id} is`, variants, symptom: [], overlaps: {} };
}

function fact(id: string): Experiment {
  return { ...about, kind: "fact", id, title: `What ${id} is`, variants: { plain: variant } };
}

const row = (id: string, ...cells: string[]): string =>
  `| [${id}](experiments/${id}/README.md) | ${cells.join(" | ")} |`;
const page = (modes: string[], facts: string[]): string =>
  ["words", "", "| experiment | wrong | cures |", "|---|---|---|", ...modes, ""]
    .concat(
      "| experiment | shows |",
      "|---|---|",
      ...facts,
      "",
      "| other | table |",
      "|---|---|",
      "| [a](b) | c |",
    )
    .join("\n");

const experiments = [fact("calm"), failureMode("leak", "fixed-by-luck"), fact("dull"), failureMode("stall")];
const whole = page(
  [row("stall", "it stalls", "`fixed`"), row("leak", "it leaks", "`fixed`, `fixed-by-luck`")],
  [row("dull", "dull things"), row("calm", "calm ones")],
);

describe("the tables of a page", () => {
  test("stay as they are when they are right", () => {
    expect(idsInTables(whole)).toEqual(["stall", "leak", "dull", "calm"]);
    expect(withTables(whole, experiments, idsInTables(whole), "en")).toBe(whole);
  });

  test("get a row for a new experiment, at the end and with its title", () => {
    const more = [...experiments, fact("even"), failureMode("lost")];
    const built = withTables(whole, more, idsInTables(whole), "en");
    expect(built).toContain(`${row("calm", "calm ones")}\n${row("even", "What even is")}\n`);
    expect(built).toContain(`\`fixed-by-luck\` |\n${row("lost", "What lost is", "`fixed`")}\n`);
  });

  test("lose the row of a removed experiment, and a removed cure", () => {
    const built = withTables(whole, [fact("dull"), failureMode("leak")], idsInTables(whole), "en");
    expect(built).toBe(page([row("leak", "it leaks", "`fixed`")], [row("dull", "dull things")]));
  });

  test("have the order of another page, and the comma of their language", () => {
    const other = page([row("leak", "漏", "")], [row("calm", "静")]);
    expect(withTables(other, experiments, idsInTables(whole), "zh")).toBe(
      page(
        [row("stall", "What stall is", "`fixed`"), row("leak", "漏", "`fixed`、`fixed-by-luck`")],
        [row("dull", "What dull is"), row("calm", "静")],
      ),
    );
  });

  test("have the Chinese title on a Chinese page, in the place of an English one, and leave other words", () => {
    const signs = { zh: "无聊", seen: ["SYN-SENT"] as const, mark: { en: "it is dull", zh: "无聊" } };
    const titled = [
      { ...fact("dull"), signs },
      { ...fact("calm"), signs },
    ];
    const other = page([], [row("dull", "What dull is"), row("calm", "静")]);
    const order = ["dull", "calm"];
    const rows = (language: "en" | "zh"): string[] =>
      withTables(other, titled, order, language)
        .split("\n")
        .filter((line) => line.startsWith("| [") && line.includes("experiments/"));
    expect(rows("zh")).toEqual([row("dull", "无聊"), row("calm", "静")]);
    expect(rows("en")).toEqual([row("dull", "What dull is"), row("calm", "静")]);
  });
});
