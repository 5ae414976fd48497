import { describe, expect, test } from "vitest";
import { optionBytes, parseOptions } from "./options.ts";

function parse(bytes: number[]): object {
  return parseOptions(Uint8Array.from(bytes), 0, bytes.length);
}

describe("options", () => {
  test.each<[string, number[], object]>([
    ["an unknown option is skipped", [254, 4, 0, 0, 2, 4, 5, 180], { mssBytes: 1460 }],
    ["no-operations too", [1, 1, 4, 2], { sackPermitted: true }],
    ["nothing is read after the end", [0, 2, 4, 5, 180], {}],
    ["a known option with a wrong length is skipped", [2, 3, 9, 3, 3, 7], { windowScale: 7 }],
    ["a length of 0 ends the parsing", [254, 0, 2, 4, 5, 180], {}],
    ["a length of 1 ends it too", [254, 1, 2, 4, 5, 180], {}],
    ["so does a length beyond the header", [2, 4, 5, 180, 8, 10, 0, 0], { mssBytes: 1460 }],
    ["so does a kind without a length", [4, 2, 3], { sackPermitted: true }],
    ["a cookie of 8 bytes", [34, 10, 1, 2, 3, 4, 5, 6, 7, 255], { fastOpenCookie: "01020304050607ff" }],
    ["a request for a cookie", [34, 2], { fastOpenCookie: "" }],
    ["a cookie of 3 bytes is skipped", [34, 5, 1, 2, 3], {}],
    [
      "edges of SACK",
      [5, 18, 255, 255, 255, 255, 0, 0, 0, 5, 0, 0, 0, 7, 0, 0, 0, 9],
      {
        sack: [
          [4_294_967_295, 5],
          [7, 9],
        ],
      },
    ],
  ])("%s", (_, bytes, options) => {
    expect(parse(bytes)).toEqual(options);
  });

  test("that do not fit into a header are refused", () => {
    const sack: [number, number][] = [1, 2, 3, 4].map((n) => [n, n]);
    expect(() => optionBytes({ sack, timestamps: { value: 1, echo: 1 } })).toThrow("room for 40");
  });

  test.each(["abc", "010203", "zz010203", "00".repeat(17)])("%s is not a cookie", (fastOpenCookie) => {
    expect(() => optionBytes({ fastOpenCookie })).toThrow("is not a Fast Open cookie");
  });
});
