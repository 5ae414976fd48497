import { expect, test } from "vitest";
import { claimsInSymptoms, codeIn, tableOf } from "./table.ts";

const PAGE = `
| one | two |
|---|---|
| \`a\`, \`b\` | c |

| claim | what | needs | in a symptom |
|---|---|---|---|
| \`seen\` | it is seen | \`sockets\` | yes |
| \`sent\` | it is sent | \`packet\` | no |
`;

test("a table is found by its first heading, and its rule is no row", () => {
  expect(tableOf(PAGE, "one")).toEqual([["`a`, `b`", "c"]]);
  expect(() => tableOf(PAGE, "three")).toThrow(`no table of "three"`);
});

test("text in backticks is code", () => {
  expect(codeIn("`a(b)`, and not c, `d`")).toEqual(["a(b)", "d"]);
  expect(codeIn()).toEqual([]);
});

test("the table of claims shows which a symptom can have", () => {
  expect([...claimsInSymptoms(PAGE)]).toEqual(["seen"]);
});
