import { expect, test } from "vitest";
import { marksFix, withoutFix } from "./fix.ts";

test.each([
  [`socket.on("end", () => socket.end()); // the fix`, true],
  ["class Server(ThreadingTCPServer):  # the fix", true],
  ["  // the fix", true],
  ["// What is right: it closes.", false],
  ["// the fixture", false],
])("%j marks the fix: %s", (line, marks) => {
  expect(marksFix(line)).toBe(marks);
});

test.each([
  ["a\nb // the fix\nc", "a\nc"],
  ["a\n  # the fix\n  b\nc", "a\nc"],
  ["a\nb # the fix\nc # the fix", "a"],
  ["a\nb", "a\nb"],
])("%j without its fix is %j", (text, rest) => {
  expect(withoutFix(text)).toBe(rest);
});
