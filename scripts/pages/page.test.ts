import { describe, expect, test } from "vitest";
import { STATEMENTS } from "../../harness/claims/statements.ts";
import { exactly, fact, socketsAtPeak } from "../../harness/experiment.ts";
import type { Recording } from "../../harness/model/recording.ts";
import { at, group, handMade, plainSetup, socketsAt } from "../../harness/recording/hand-made.fixture.ts";
import type { Sources } from "./output.ts";
import { builtPages, type BuiltPage } from "./page.ts";

const exact = [socketsAtPeak({ host: "server", state: "CLOSE-WAIT" }, exactly(97)).because("nobody closes")];
const experiment = fact({
  id: "leak",
  title: "It leaks",
  question: "What stays?",
  tags: ["tour"],
  variants: {
    one: { summary: "as it is", setup: plainSetup(), exact },
    two: { summary: "otherwise", setup: plainSetup(), exact },
  },
});

function recordingOf(variant: string, count: number): Recording {
  return handMade(
    [
      socketsAt(at(0, "setup"), "server", []),
      socketsAt(at(500), "server", [group("CLOSE-WAIT", "listener", count)]),
      socketsAt(at(900, "drain"), "server", [group("CLOSE-WAIT", "listener", count)]),
    ],
    { experiment: "leak", variant },
  );
}

const recordings: Record<string, Recording> = {
  "leak/one": recordingOf("one", 97),
  "leak/two": recordingOf("two", 23),
};
const sources: Sources = {
  experiments: [experiment],
  recorded: (trial) => recordings[trial] ?? null,
  settled: () => ({ kernel: "6.18.0", results: [] }),
  expected: [],
};

function built(...lines: string[]): BuiltPage {
  const page = builtPages(
    new Map([["docs/a.md", ["words", "```", ...lines, "```", ""].join("\n")]]),
    sources,
  );
  return page.get("docs/a.md") as BuiltPage;
}
const linesOf = ({ text }: BuiltPage): string[] => text.split("\n").slice(2, -2);

const HEAD = "  sockets: most seen → after the load       one       two";
const ROW = "  server listener CLOSE-WAIT           97 → 97   23 → 23";

describe("a block of a page", () => {
  test("shows the output for the recordings, in the lines that it shows", () => {
    const page = built(
      "$ npx lastack run leak",
      "...",
      HEAD,
      "  server listener  CLOSE-WAIT 5 → 5 7 → 7",
      "...",
    );
    expect(linesOf(page)).toEqual(["$ npx lastack run leak", "...", HEAD, ROW, "..."]);
    expect(page).toMatchObject({ blocks: 1, changed: [{ command: "npx lastack run leak", lost: [] }] });
  });

  test("is not changed when it already shows that", () => {
    const page = built("$ npx lastack run leak", "...", ROW, "...");
    expect(linesOf(page)).toEqual(["$ npx lastack run leak", "...", ROW, "..."]);
    expect(page).toMatchObject({ blocks: 1, changed: [] });
  });

  test.each([
    ["run", "leak        one      ✓ confirmed  1 of 1 claim  9.0 s"],
    ["run leak/two", "leak        two      ✗ refuted  0 of 1 claim  9.0 s"],
    ["run leak --variant two", "leak        two      ✗ refuted  0 of 1 claim  9.0 s"],
    ["judge results/reference/leak/two.ndjson", "two: refuted"],
    ["report results/reference/leak/one.ndjson results/reference/leak/two.ndjson", ROW],
  ])("shows `lastack %s`", (words, line) => {
    const [command = "", ...rest] = linesOf(built(`$ npx lastack ${words}`, "...", line, "..."));
    expect(command).toBe(`$ npx lastack ${words}`);
    expect(rest.filter((one) => one !== "...").map((one) => one.replaceAll(/ +/g, " "))).toEqual([
      line.replaceAll(/ +/g, " "),
    ]);
  });

  test("is not changed if its output is in no recording", () => {
    for (const line of ["$ ss -tan", "$ npx lastack serve leak/one", "$ npx lastack run leak --hold"])
      expect(built(line, "whatever")).toMatchObject({ blocks: 0, changed: [] });
  });

  test("may show a command alone, or with `...`", () => {
    expect(built("$ npx lastack run leak").changed).toEqual([]);
    expect(built("$ npx lastack run leak", "...").changed).toEqual([]);
  });

  test.each([
    ["$ npx lastack run gone", "there is no experiment gone"],
    ["$ npx lastack run leak --variant three", "no variant three"],
    ["$ npx lastack judge results/reference/leak/three.ndjson", "the catalogue has no leak/three"],
    ["$ npx lastack report results/reference/leak/one.ndjson --ladder", "no segment was recorded"],
    ["$ npx lastack claims X1", "there is no claim X1"],
    ["$ npx lastack run leak", "no shown line is in the output"],
  ])("is refused for %s: %s", (line, why) => {
    expect(() => built(line, "nothing like it")).toThrow(`docs/a.md: \`${line}\`: `);
    expect(() => built(line, "nothing like it")).toThrow(why);
  });

  test("is refused when the recording is missing", () => {
    const empty = { ...sources, recorded: () => null };
    const page = new Map([["docs/a.md", "```\n$ npx lastack run leak\nx\n```\n"]]);
    expect(() => builtPages(page, empty)).toThrow(
      "docs/a.md: `$ npx lastack run leak`: there is no committed",
    );
  });

  test("shows the results of claims, in the given language", () => {
    const [statement] = STATEMENTS;
    const text = { en: "it was seen", zh: "看到了" };
    const result = { id: statement?.id ?? "", verdict: "holds", experiment: "leak/one" } as const;
    const settled: Sources["settled"] = () => ({
      kernel: "6.18.0",
      results: [{ ...result, observed: text, because: text, under: [], beyond: [] }],
    });
    const line = `$ npx lastack claims ${result.id} --lang zh`;
    const page = new Map([["docs/a.md", ["```", line, "...", "  看到了", "...", "```"].join("\n")]]);
    expect(builtPages(page, { ...sources, settled }).get("docs/a.md")?.changed).toEqual([]);
  });
});

describe("the tables of experiments", () => {
  const table = ["| experiment | shows |", "|---|---|"];
  const row = "| [leak](experiments/leak/README.md) | leaks |";
  const textOf = (page: string): string => {
    const pages = builtPages(
      new Map([
        ["README.md", [...table, row].join("\n")],
        ["README.zh-CN.md", page],
      ]),
      sources,
    );
    return pages.get("README.zh-CN.md")?.text ?? "";
  };

  test("are in both languages, and each keeps its words", () => {
    const other = [...table, row.replace("leaks", "漏")].join("\n");
    expect(textOf(other)).toBe(other);
  });

  test("are required", () => {
    expect(() => textOf("no table")).toThrow("README.zh-CN.md: no table has room for leak, a fact");
  });
});
