import fc from "fast-check";
import { expect, test } from "vitest";
import { wordsOf } from "./words.ts";

test.each([
  ["nginx -c site.conf", ["nginx", "-c", "site.conf"]],
  [`node -e 'a b' "c \\"d\\"" e\\ f`, ["node", "-e", "a b", 'c "d"', "e f"]],
  [" a''b ", ["ab"]],
])("%s", (text, words) => {
  expect(wordsOf(text)).toEqual(words);
});

test.each(["", "  ", "''"])("%j is no command", (text) => {
  expect(() => wordsOf(text)).toThrow("--serve takes the command of a server");
});

test("words in single quotes are read back, whatever they have", () => {
  const word = fc.string({ minLength: 1 }).filter((text) => !text.includes("'"));
  fc.assert(
    fc.property(fc.array(word, { minLength: 1 }), (words) => {
      expect(wordsOf(words.map((one) => `'${one}'`).join(" "))).toEqual(words);
    }),
  );
});
