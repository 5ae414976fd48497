import { expect, test } from "vitest";
import { Deadlines } from "./deadlines.ts";

test("waits are over in the order in which they began, each at its time", () => {
  const waits = new Deadlines<string>(2);
  waits.start("a", 0);
  waits.start("b", 500);
  waits.start("c", 900);
  expect(waits.nextUs()).toBe(2000);
  expect([...waits.over(1999)]).toEqual([]);
  expect([...waits.over(2500)]).toEqual(["a", "b"]);
  expect(waits.nextUs()).toBe(2900);
});

test("a wait that is stopped is never over, and one begun again is over later", () => {
  const waits = new Deadlines<string>(2);
  waits.start("a", 0);
  waits.start("b", 0);
  waits.start("c", 0);
  waits.stop("b");
  waits.start("a", 1000);
  expect([...waits.over(2000)]).toEqual(["c"]);
  expect([...waits.over(3000)]).toEqual(["a"]);
  expect(waits.nextUs()).toBe(Infinity);
});
