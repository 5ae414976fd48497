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

test("a table is found by its first heading, and read without its rule", () => {
  expect(tableOf(PAGE, "one")).toEqual([["`a`, `b`", "c"]]);
  expect(() => tableOf(PAGE, "three")).toThrow(`no table of "three"`);
});

test("what stands in backticks is code", () => {
  expect(codeIn("`a(b)`, and not c, `d`")).toEqual(["a(b)", "d"]);
  expect(codeIn()).toEqual([]);
});

test("the table of claims says which are for symptoms", () => {
  expect([...claimsInSymptoms(PAGE)]).toEqual(["seen"]);
});
