import { expect, test } from "vitest";
import { readLog } from "./nginx.ts";

test("an access log is counted by status", () => {
  expect(readLog(Buffer.from("200\n200\n400\n200\n"))).toEqual({ answered: 3, refused: 1 });
  expect(readLog(Buffer.alloc(0))).toEqual({ answered: 0, refused: 0 });
});

test("half a line does not count as an answer of status 200", () => {
  expect(readLog(Buffer.from("200\n20")).refused).toBeGreaterThan(0);
});
