import { expect, test } from "vitest";
import { Deadlines } from "./deadlines.ts";
import type { Waiting } from "./deadlines.ts";

interface Item extends Waiting<Item> {
  name: string;
}

const item = (name: string): Item => ({ name, queue: null, before: null, after: null, endsAtUs: 0 });

function over(waits: Deadlines<Item>, nowUs: number): string[] {
  const names: string[] = [];
  for (let late = waits.takeOver(nowUs); late !== null; late = waits.takeOver(nowUs)) names.push(late.name);
  return names;
}

test("waits end in the order in which they began, each at its time", () => {
  const waits = new Deadlines<Item>(2);
  waits.start(item("a"), 0);
  waits.start(item("b"), 500);
  waits.start(item("c"), 900);
  expect(waits.nextUs()).toBe(2000);
  expect(over(waits, 1999)).toEqual([]);
  expect(over(waits, 2500)).toEqual(["a", "b"]);
  expect(waits.nextUs()).toBe(2900);
});

test("a stopped wait never ends, and a restarted one ends later", () => {
  const waits = new Deadlines<Item>(2);
  const [a, b, c] = ["a", "b", "c"].map(item) as [Item, Item, Item];
  for (const waiting of [a, b, c]) waits.start(waiting, 0);
  waits.stop(b);
  waits.start(a, 1000);
  expect(over(waits, 2000)).toEqual(["c"]);
  expect(over(waits, 3000)).toEqual(["a"]);
  expect(waits.nextUs()).toBe(Infinity);
});

test("an item that begins another wait leaves the first", () => {
  const [short, long] = [new Deadlines<Item>(2), new Deadlines<Item>(5)];
  const a = item("a");
  short.start(a, 0);
  long.start(a, 0);
  short.stop(a);
  expect(over(short, 9000)).toEqual([]);
  expect(over(long, 9000)).toEqual(["a"]);
});
