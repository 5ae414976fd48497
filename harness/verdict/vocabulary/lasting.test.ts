import { expect, test } from "vitest";
import { at, group, handMade, socketsAt } from "../../recording/hand-made.fixture.ts";
import { between } from "./bound.ts";
import { socketsLast, socketsOutlast, socketsStillThere } from "./lasting.ts";
import { put } from "./put.fixture.ts";

const timeWait = { host: "client", state: "TIME-WAIT" } as const;
const look = (ms: number, count: number) =>
  socketsAt(at(ms, "drain"), "client", count === 0 ? [] : [group("TIME-WAIT", "connector", count)]);
const over = handMade([look(0, 1), look(2000, 1), look(3000, 0)]);
const open = handMade([look(0, 1), look(2000, 1), look(3000, 1)]);
const none = handMade([look(0, 0)]);

test("sockets last until a sample shows none; those that outlast the trial can only refute a bound that is too short", () => {
  expect(put(socketsLast(timeWait, between(2, 4)), over)).toEqual([
    "TIME-WAIT sockets on client last between 2 and 4 s",
    true,
    "TIME-WAIT sockets on client lasted 3 s",
  ]);
  expect(put(socketsLast(timeWait, between(1, 2)), open).slice(1)).toEqual([
    false,
    "TIME-WAIT sockets on client lasted >= 3 s",
  ]);
  expect(put(socketsLast(timeWait, between(2, 4)), open)[1]).toBeNull();
  expect(put(socketsLast(timeWait, between(2, 4)), none)[1]).toBeNull();
});

test("sockets outlast a trial, or end before it, or the trial is too short to decide", () => {
  expect(put(socketsOutlast(timeWait, 3), open)[1]).toBe(true);
  expect(put(socketsOutlast(timeWait, 4), open)[1]).toBeNull();
  expect(put(socketsOutlast(timeWait, 1), over).slice(1)).toEqual([
    false,
    "TIME-WAIT sockets on client lasted 3 s and were then gone",
  ]);
});

test("sockets are still there at the end of a phase, or they are gone", () => {
  expect(put(socketsStillThere("drain", timeWait), open)[1]).toBe(true);
  expect(put(socketsStillThere("drain", timeWait), over)[1]).toBe(false);
  expect(put(socketsStillThere("drain", timeWait), none)[1]).toBeNull();
});
