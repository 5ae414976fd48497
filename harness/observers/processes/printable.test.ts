import { expect, test } from "vitest";
import { printable } from "./printable.ts";
import { parseStat } from "./stat.ts";

const bytes = (text: string): string => Buffer.from(text, "utf8").toString("latin1");

test("what a terminal would obey is a question mark, and other text is UTF-8", () => {
  expect(printable(bytes("na\u001b[2Jme\n"))).toBe("na?[2Jme?");
  expect(printable(bytes("サーバー (1)"))).toBe("サーバー (1)");
  expect(printable(bytes("右\u202eleft"))).toBe("右?left");
});

test("a process's name is printable, whatever the program has made it", () => {
  const fields = "S 1 7 7 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 99 0 23";
  expect(parseStat(`7 (${bytes("\u001b]0;ü) (")}) ${fields}`)).toMatchObject({ pid: 7, name: "?]0;ü) (" });
});
