import { expect, test } from "vitest";
import type { ProgramSample } from "../model/sample.ts";
import { at, attemptAt, handMade, pressureAt } from "../recording/hand-made.fixture.ts";
import { starvation, waits } from "./starvation.ts";

function ready(ms: number): ProgramSample {
  return { ...at(ms), kind: "program", program: "server", event: "ready", pid: 7, port: 8080 };
}

test("a task that waited less than a twentieth of a second from one look to the next is not starved", () => {
  const looks = [0, 40, 80, 120].map((waited, nth) =>
    pressureAt(at(100 * nth), { server: waited, trial: waited }),
  );
  expect(starvation(handMade([ready(0), ...looks]))).toBeNull();
});

test("among longer waits, the task with the longest is named, with how long of which time it waited", () => {
  const looks = [
    pressureAt(at(1000), { server: 10, load: 500, trial: 0 }),
    pressureAt(at(1100), { server: 90, load: 500, trial: 60 }),
    pressureAt(at(3000), { server: 400, load: 500, trial: 70 }),
  ];
  expect(starvation(handMade([ready(900), ...looks]))).toEqual({
    who: "server",
    how: "waited",
    waitedUs: 390_000,
    ofUs: 2_000_000,
    longestUs: 310_000,
  });
});

test("a slow start of a program does not starve a trial, but is among the waits", () => {
  const looks = [
    pressureAt(at(100), { server: 0, load: 0 }),
    pressureAt(at(200), { server: 90, load: 0 }),
    pressureAt(at(300), { server: 91, load: 90 }),
    pressureAt(at(400), { server: 92, load: 91 }),
  ];
  const recording = handMade([ready(150), attemptAt(at(290), 1), ...looks]);
  expect(starvation(recording)).toBeNull();
  expect(waits(recording).map(({ who, waitedUs }) => [who, waitedUs])).toEqual([
    ["server", 92_000],
    ["load", 91_000],
    ["the trial itself", 0],
  ]);
});

test("a program that was started again has no negative wait", () => {
  const looks = [
    pressureAt(at(100), { server: 40 }),
    pressureAt(at(200), { server: 1 }),
    pressureAt(at(300), { server: 30 }),
  ];
  expect(starvation(handMade([ready(50), ...looks]))).toBeNull();
});

test("wires can be starved, too", () => {
  const wire = (waitedUs: number): object => ({ wires: [null, { ranUs: 1, waitedUs }] });
  const looks = [pressureAt(at(100), {}, wire(0)), pressureAt(at(200), {}, wire(70_000))];
  expect(starvation(handMade(looks))).toMatchObject({ who: "wire 1", waitedUs: 70_000 });
});

test("if the kernel does not report waits, late looks and turns of the loop show starvation", () => {
  const late = (lookLateUs: number, turnLateUs: number): object => ({
    trial: undefined,
    lookLateUs,
    turnLateUs,
  });
  const quiet = [pressureAt(at(100), {}, late(200_000, 0)), pressureAt(at(200), {}, late(0, 200_000))];
  expect(starvation(handMade(quiet))).toBeNull();
  const starved = [...quiet, pressureAt(at(900), {}, late(0, 600_000))];
  expect(starvation(handMade(starved))).toMatchObject({ how: "late", longestUs: 600_000 });
});

test("the trial itself is starved only if it is late, not if it waits", () => {
  const looks = [pressureAt(at(100), { trial: 0 }), pressureAt(at(200), { trial: 90 })];
  expect(starvation(handMade(looks))).toBeNull();
  expect(waits(handMade(looks))[0]).toMatchObject({ who: "the trial itself", longestUs: 90_000 });
});

test("a machine that was suspended during a trial starves it", () => {
  const looks = [pressureAt(at(100), {}), pressureAt(at(200), {}, { suspendedUs: 5_000_000 })];
  expect(starvation(handMade(looks))).toMatchObject({ who: "the machine", how: "suspended" });
});

test("a recording without pressure samples is not starved", () => {
  expect(starvation(handMade([]))).toBeNull();
});
