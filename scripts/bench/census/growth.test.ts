import { expect, test } from "vitest";
import { absentRow, HEADINGS, rowOf } from "./growth.ts";

test("a row has medians, their ratio, and the time for one socket", () => {
  const row = rowOf({ sockets: 10_000, ours: [5, 3, 4], theirs: [16, 20, 90] });
  const cells = (text: string): string[] => text.split(/\s{2,}/);
  expect(Object.fromEntries(cells(HEADINGS).map((heading, at) => [heading, cells(row)[at]]))).toEqual({
    sockets: "10,000",
    "census ms (min-max)": "4.00 (3.00-5.00)",
    "ss -tan ms (min-max)": "20.00 (16.00-90.00)",
    ratio: "0.200",
    "census us/socket": "0.400",
    "ss us/socket": "2.000",
  });
});

test("a row without a measurement has a reason and no figure", () => {
  expect(absentRow(1_000_000, "no memory")).toBe("1,000,000   not measured: no memory");
});
