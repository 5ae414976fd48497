import { expect, test } from "vitest";
import { firstNotPrinted } from "./printed.ts";

const OUTPUT = "\nhead\n  a/buggy: 4711 bytes  \n\nlatency 0.45 ms\nlast\n";

test.each([
  [["head", "a/buggy: 4711 bytes", "", "latency 0.45 ms", "last"]],
  [["head", "..."]],
  [["...", "a/buggy:    ... bytes", "..."]],
  [["...", "latency 3.5 ms", "last"]],
  [["..."]],
])("%j was printed", (shown) => {
  expect(firstNotPrinted(shown, OUTPUT)).toBeNull();
});

test.each([
  [["last"], "last"],
  [["head", "latency 0.45 ms", "..."], "latency 0.45 ms"],
  [["...", "last", "...", "head", "..."], "head"],
  [["...", "a/buggy: 4712 bytes", "..."], "a/buggy: 4712 bytes"],
  [["...", "latency x.5 ms", "..."], "latency x.5 ms"],
  [["...", "latency 0.45 ms"], "(the end, and not: last)"],
  [["...", "bytes", "..."], "bytes"],
])("%j was not printed: the first wrong line is %j", (shown, line) => {
  expect(firstNotPrinted(shown, OUTPUT)).toBe(line);
});
