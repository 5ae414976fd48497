import fc from "fast-check";
import { expect, test } from "vitest";
import { readOptions } from "../load/options.ts";
import type { Protocol } from "./protocol.ts";
import { tcp, unescaped } from "./tcp.ts";

/** The protocol for given flags. */
function protocol(...flags: string[]): Protocol {
  const args = ["--to", "127.0.0.1:80", "--attempts", "1", ...flags];
  const asked = readOptions(args, { keepOpen: true, flags: tcp.flags });
  if (asked === "help") throw new Error("nobody asked for help");
  return tcp.protocol(asked.plan, asked.said);
}

test("a request is one line with the attempt's number", () => {
  expect(protocol().request(23, false).toString()).toBe("attempt 23\n");
});

test("an answer is whole at its first line feed, however it is cut", () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[a-z ]{0,50}$/), fc.array(fc.nat(60)), (line, cuts) => {
      const bytes = Buffer.from(`${line}\nmore`);
      const reader = protocol().reader();
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

test("an answer without an end is unexpected, and one that is cut off is truncated", () => {
  const reader = protocol().reader();
  reader.begin();
  expect(reader.feed(Buffer.alloc(65_536, "x"))).toBe("more");
  expect(reader.end()).toBe("truncated");
  expect(reader.feed(Buffer.from("x"))).toBe("unexpected");
});

test("the text to send can be given, with bytes that no terminal can type", () => {
  expect(protocol("--send", String.raw`PING\x00\xff\r\n`).request(23, false)).toEqual(
    Buffer.from([0x50, 0x49, 0x4e, 0x47, 0, 0xff, 0x0d, 0x0a]),
  );
  expect(() => protocol("--send", "a", "--send", "b")).toThrow("--send can be given only once");
  expect(() => protocol("--send", "")).toThrow("at least one byte");
  for (const text of [String.raw`\q`, "\\", String.raw`\x4`])
    expect(() => unescaped(text)).toThrow("--send knows");
});

test("any bytes can be written with escapes, and a text without a backslash is sent as it is", () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 1 }), (bytes) => {
      const text = [...bytes].map((byte) => String.raw`\x${byte.toString(16).padStart(2, "0")}`).join("");
      expect([...unescaped(text)]).toEqual([...bytes]);
    }),
  );
  fc.assert(
    fc.property(fc.string({ unit: "grapheme", minLength: 1 }), (text) => {
      fc.pre(!text.includes("\\"));
      expect(unescaped(text)).toEqual(Buffer.from(text));
    }),
  );
});
