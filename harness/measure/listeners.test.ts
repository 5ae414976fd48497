import { expect, test } from "vitest";
import { at, handMade, listenerAt } from "../recording/hand-made.fixture.ts";
import { isAlwaysFull, isNearlyFull } from "./listeners.ts";

const looks = (backlog: number, ...queues: number[]): Parameters<typeof isAlwaysFull>[0] =>
  handMade(queues.map((queue, nth) => listenerAt(at(nth * 100), "server", queue, backlog)));

test("a queue is nearly full one place below its limit, or 3 % of a long one; an empty one never is", () => {
  const nearly = (queue: number, backlog: number): boolean => isNearlyFull({ queue, backlog });
  expect([nearly(129, 128), nearly(126, 128), nearly(124, 128)]).toEqual([true, true, false]);
  expect([nearly(5, 4), nearly(4, 4), nearly(3, 4)]).toEqual([true, true, false]);
  expect([nearly(2, 1), nearly(1, 1), nearly(1, 0), nearly(0, 0)]).toEqual([true, false, true, false]);
});

test("a queue is always full if it is never less than three quarters, and nearly full in between", () => {
  expect(isAlwaysFull(looks(128, 129, 119, 127))).toBe(true);
  expect(isAlwaysFull(looks(128, 119, 120, 119))).toBe(false);
  expect(isAlwaysFull(looks(128, 0, 129, 129))).toBe(false);
  expect(isAlwaysFull(looks(0, 0, 1, 1))).toBe(false);
  expect(isAlwaysFull(looks(128, 129))).toBe(false);
});
