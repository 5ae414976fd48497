import { expect, test } from "vitest";
import { closedTo } from "./reach.ts";

const MODES: Record<string, number> = {
  "/": 0o755,
  "/root": 0o700,
  "/root/lastack": 0o755,
  "/opt": 0o755,
  "/opt/lastack": 0o711,
  "/usr": 0o755,
  "/usr/bin": 0o755,
};
const modeOf = (path: string): number => MODES[path] ?? Number.NaN;

test.each([
  ["/opt/lastack/package.json", null],
  ["/root/lastack/package.json", "/root"],
  ["/usr/bin/node", null],
])("on the way to %s, others are kept out by %s", (path, folder) => {
  expect(closedTo([path], modeOf)).toBe(folder);
});

test("one path that others cannot reach is enough", () => {
  expect(closedTo(["/usr/bin/node", "/root/lastack/package.json"], modeOf)).toBe("/root");
  expect(closedTo([process.execPath])).toSatisfy((folder) => folder === null || typeof folder === "string");
});
