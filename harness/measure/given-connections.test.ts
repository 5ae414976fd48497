import { expect, test } from "vitest";
import type { Sample } from "../model/sample.ts";
import { at, group, handMade, processesAt, socketsAt } from "../recording/hand-made.fixture.ts";
import { areGivenConnections } from "./given-connections.ts";

/** Looks with so many connections of a listener that another process holds, and the processes that there are. */
const looks = (...each: [held: number, ...pids: number[]][]): ReturnType<typeof handMade> =>
  handMade(
    each.flatMap(([held, ...pids], nth): Sample[] => [
      processesAt(
        at(nth * 200),
        "server",
        pids.map((pid) => ({ pid })),
      ),
      socketsAt(at(nth * 200), "server", [group("CLOSE-WAIT", "listener", held, { owner: "process" })]),
    ]),
  );

test("workers that hold more and more connections are given them", () => {
  expect(areGivenConnections(looks([5, 7, 8], [6, 7, 8], [8, 7, 8]))).toBe(true);
});

test("processes that begin can have inherited theirs", () => {
  expect(areGivenConnections(looks([5, 7, 8], [6, 7, 8, 9], [8, 7, 8, 9, 10, 11]))).toBe(false);
});

test("those that hold the same ones all the time, or one more, say nothing", () => {
  expect(areGivenConnections(looks([23, 7, 8], [23, 7, 8], [24, 7, 8]))).toBe(false);
  expect(areGivenConnections(handMade([]))).toBe(false);
});
