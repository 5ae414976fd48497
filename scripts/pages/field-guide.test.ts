import { expect, test } from "vitest";
import type { Signs } from "../../harness/model/advice.ts";
import type { Experiment, Variant } from "../../harness/model/experiment.ts";
import { plainSetup } from "../../harness/recording/hand-made.fixture.ts";
import { fieldGuide } from "./field-guide.ts";

const variant: Variant = { summary: "", setup: plainSetup(), exact: [] };
const about = { question: "Why?", tags: [] };
const signsOf = (id: string, seen: Signs["seen"]): Signs => ({
  zh: `${id}漏`,
  seen,
  mark: { en: `${id} drips`, zh: `${id}滴` },
});

const calm: Experiment = {
  ...about,
  kind: "fact",
  id: "calm",
  title: "Calm",
  variants: { plain: variant },
  signs: signsOf("calm", ["SYN-RECV"]),
};
const leak: Experiment = {
  ...about,
  kind: "failure-mode",
  id: "leak",
  title: "A leak",
  variants: { buggy: variant, fixed: variant },
  symptom: [],
  overlaps: {},
  signs: signsOf("leak", ["SYN-RECV", "ESTAB, Recv-Q above 0, no process", "EMFILE", "TcpOutRsts"]),
  advice: { wrong: ["sigpipe"] },
};
const unsure: Experiment = {
  ...leak,
  id: "unsure",
  title: "Unsure",
  signs: signsOf("unsure", ["EMFILE"]),
  visible: { as: "remark", because: "rain looks the same", zh: "下雨也一样" },
};

const linked = (id: string): string => `[${id}](../experiments/${id}/README.md)`;
const en = fieldGuide([calm, leak, unsure], "en").split("\n");
const zh = fieldGuide([calm, leak, unsure], "zh").split("\n");

test("has a section for each row that is seen, with failure modes before facts", () => {
  const at = en.indexOf("### SYN-RECV");
  expect(en.slice(at + 2, at + 6)).toEqual([
    "| it may be | what tells it from the others |",
    "|---|---|",
    `| ${linked("leak")}: A leak | leak drips |`,
    `| ${linked("calm")}: Calm (what TCP does) | calm drips |`,
  ]);
  expect(en.filter((line) => line.startsWith("### "))).toEqual([
    "### SYN-RECV",
    "### ESTAB, Recv-Q above 0, no process",
  ]);
});

test("has tables of errors, counters, what one host cannot tell, and popular advice", () => {
  for (const line of [
    `| \`EMFILE\` | ${linked("leak")}, ${linked("unsure")} |`,
    `| \`TcpOutRsts\` | ${linked("leak")} |`,
    `| ${linked("unsure")} | remarks on it | rain looks the same |`,
  ])
    expect(en).toContain(line);
  expect(en.filter((line) => line.startsWith("| `"))).toHaveLength(2);
  expect(en.find((line) => line.startsWith("| ignore SIGPIPE |"))).toContain(
    `${linked("write-after-peer-close")} | ${linked("leak")}, ${linked("unsure")} |`,
  );
});

test("is the same in Chinese", () => {
  for (const line of [
    `| ${linked("leak")}：leak漏 | leak滴 |`,
    `| ${linked("calm")}：calm漏（TCP 本来如此） | calm滴 |`,
    `| ${linked("unsure")} | 打印备注 | 下雨也一样 |`,
  ])
    expect(zh).toContain(line);
  const rows = (page: string[]): string[] => page.filter((line) => line.startsWith("|"));
  expect(rows(zh)).toHaveLength(rows(en).length);
});
