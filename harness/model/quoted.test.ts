import { expect, test } from "vitest";
import { printedBeside, quotedLines } from "./quoted.ts";

const NODE = [
  "/srv/server.js:3",
  'throw new Error("boom");',
  "^",
  "",
  "Error: boom",
  "    at Object.<anonymous> (/srv/server.js:3:7)",
  "    at Module._compile (node:internal/modules/cjs/loader:1554:14)",
  "    at node:internal/main/run_main_module:36:49",
  "",
  "Node.js v22.14.0",
];
const PYTHON = [
  "Traceback (most recent call last):",
  '  File "/srv/server.py", line 9, in <module>',
  "    main()",
  '  File "/srv/server.py", line 6, in main',
  "    server.bind(address)",
  "OSError: [Errno 98] Address already in use",
];

test("an error of Node shows where it was thrown, and its message", () => {
  expect(quotedLines(NODE)).toBe(
    '/srv/server.js:3 | throw new Error("boom"); | ^ | Error: boom | ' +
      "    at Object.<anonymous> (/srv/server.js:3:7) | ... |     at node:internal/main/run_main_module:36:49 | Node.js v22.14.0",
  );
});

test("an error of Python shows its last line, which is the message", () => {
  expect(quotedLines(PYTHON)).toMatch(/ \| OSError: \[Errno 98\] Address already in use$/);
});

test("an error after a long log is quoted from its middle", () => {
  const log = Array.from({ length: 97 }, (_, nth) => `request ${nth}`);
  expect(quotedLines([...log, ...NODE])).toBe(
    "request 0 | request 1 | request 2 | request 3 | ... | Error: boom | " +
      "    at Object.<anonymous> (/srv/server.js:3:7) | ... |     at node:internal/main/run_main_module:36:49 | Node.js v22.14.0",
  );
});

test("a few lines are quoted whole, and a long line is cut", () => {
  expect(quotedLines([])).toBe("");
  expect(quotedLines(["one", "", "two"])).toBe("one | two");
  expect(quotedLines(["x".repeat(997)])).toHaveLength(160);
});

test.each([
  ["ended by itself, with exit code 1", ["boom", ""], "it printed: boom"],
  ["ended by itself, with exit code 1", [], "it printed no message"],
  ["printed 277 invalid lines, of which the first is a line without a kind", [], "it printed nothing else"],
])("a program that %s and printed %j", (because, lines, words) => {
  expect(printedBeside(because, lines)).toBe(words);
});
