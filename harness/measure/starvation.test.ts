import { expect, test } from "vitest";
import type { ProgramSample } from "../model/sample.ts";
import { at, attemptAt, handMade, pressureAt } from "../recording/hand-made.fixture.ts";
import { starvation, waits } from "./starvation.ts";

function ready(ms: number): ProgramSample {
  return { ...at(ms), kind: "program", program: "server", event: "ready", pid: 7, port: 8080 };
}

test("nobody who waited less than a twentieth of a second from one look to the next is starved", () => {
  const looks = [0, 40, 80, 120].map((waited, nth) =>
    pressureAt(at(100 * nth), { server: waited, trial: waited }),
  );
  expect(starvation(handMade([ready(0), ...looks]))).toBeNull();
});

test("of those who waited longer, the one that did most is named, with how long of which time", () => {
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

test("that a program was slow to start decides nothing, and is among the waits all the same", () => {
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

test("a program that was started again has no time back", () => {
  const looks = [
    pressureAt(at(100), { server: 40 }),
    pressureAt(at(200), { server: 1 }),
    pressureAt(at(300), { server: 30 }),
  ];
  expect(starvation(handMade([ready(50), ...looks]))).toBeNull();
});

test("wires are programs of the trial, too", () => {
  const wire = (waitedUs: number): object => ({ wires: [null, { ranUs: 1, waitedUs }] });
  const looks = [pressureAt(at(100), {}, wire(0)), pressureAt(at(200), {}, wire(70_000))];
  expect(starvation(handMade(looks))).toMatchObject({ who: "wire 1", waitedUs: 70_000 });
});

test("where the kernel does not say who waited, looks and turns that come late do", () => {
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

test("that the trial itself waits is seen by how late it comes, and by nothing else", () => {
  const looks = [pressureAt(at(100), { trial: 0 }), pressureAt(at(200), { trial: 90 })];
  expect(starvation(handMade(looks))).toBeNull();
  expect(waits(handMade(looks))[0]).toMatchObject({ who: "the trial itself", longestUs: 90_000 });
});

test("a machine that slept in the middle of a trial", () => {
  const looks = [pressureAt(at(100), {}), pressureAt(at(200), {}, { suspendedUs: 5_000_000 })];
  expect(starvation(handMade(looks))).toMatchObject({ who: "the machine", how: "suspended" });
});

test("a recording that does not tell is taken at its word", () => {
  expect(starvation(handMade([]))).toBeNull();
});
