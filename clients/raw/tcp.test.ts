import fc from "fast-check";
import { expect, test } from "vitest";
import { tcp } from "./tcp.ts";

test("a request is one line with the attempt's number", () => {
  expect(tcp.request(23, false).toString()).toBe("attempt 23\n");
});

test("the answer is whole at its first line feed, however it is cut", () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[a-z ]{0,50}$/), fc.array(fc.nat(60)), (line, cuts) => {
      const bytes = Buffer.from(`${line}\nmore`);
      const reader = tcp.reader();
      reader.begin();
      let used = 0;
      let from = 0;
      for (const to of [...cuts.map((at) => at % bytes.length).toSorted((a, b) => a - b), bytes.length]) {
        const progress = reader.feed(bytes.subarray(from, to));
        used += reader.consumed;
        if (progress === "whole") break;
        expect(progress).toBe("more");
        from = to;
      }
      expect(used).toBe(line.length + 1);
    }),
  );
});

test("an answer that never ends is unexpected, and one that is cut off is truncated", () => {
  const reader = tcp.reader();
  reader.begin();
  expect(reader.feed(Buffer.alloc(65_536, "x"))).toBe("more");
  expect(reader.end()).toBe("truncated");
  expect(reader.feed(Buffer.from("x"))).toBe("unexpected");
});
