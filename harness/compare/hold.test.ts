import { expect, test } from "vitest";
import type { Sample } from "../model/sample.ts";
import { at, countersAt, group, handMade, processesAt, socketsAt } from "../recording/hand-made.fixture.ts";
import { FEW, MANY, OPENING } from "./hold-setup.ts";
import { heldOf } from "./hold.ts";

const MB = 1_000_000;
const ALL = FEW.connections + MANY.connections;

/** A look at all programs: the memory of the server, of the few and of the many, and their processor time in ms. */
function look(ms: number, memory: [number, number, number], cpuMs: number, connections: number): Sample[] {
  const [server, few, many] = memory;
  const rows = [
    { pid: 7, program: FEW.program, rssBytes: few * MB, cpuMs },
    { pid: 8, program: MANY.program, rssBytes: many * MB, cpuMs },
  ];
  return [
    processesAt(at(ms), "server", [{ pid: 9, program: "server", rssBytes: server * MB, cpuMs }]),
    processesAt(at(ms), "client", rows),
    countersAt(at(ms), "client", { TcpOutSegs: 5000 + (ms > 3500 ? connections : 0) }),
    socketsAt(at(ms), "client", [group("ESTABLISHED", "connector", connections)]),
  ];
}

const opened: Sample = { ...at(1650), kind: "intervention", name: OPENING, done: true };
const before = look(1600, [60, 50, 50], 100, 0);
const filling = look(2200, [66, 50, 51], 200, 500);
const held = [
  ...look(2400, [69, 50, 51], 250, ALL),
  ...look(2700, [70, 50, 51.8], 300, ALL),
  ...look(3500, [70.94, 50, 51.8], 301, ALL),
];
const whole = [...before, opened, ...filling, ...held, ...look(3600, [70, 50, 51], 400, 97)];

test("the cost of connections is the memory that grew with them, and the work done while all were open", () => {
  const cost = heldOf([handMade(whole)]);
  expect(cost).toMatchObject({ connections: ALL, repetitions: 1, segmentsPerSecond: { median: 0 } });
  expect(cost?.serverBytes?.median).toBeCloseTo(10_000, 0);
  expect(cost?.clientBytes?.median).toBeCloseTo(2000, 0);
  // A millisecond for each of the three programs, in the 800 ms after they had settled.
  expect(cost?.cpuUsPerSecond?.median).toBeCloseTo(3000 / 0.8 / ALL, 6);
  expect(cost?.unseen["kernelBytes"]).toMatch(/only root/);
});

test("a trial in which the connections were never all open has no figures", () => {
  expect(heldOf([handMade([...before, opened, ...filling])])).toBeNull();
  expect(heldOf([handMade(whole), handMade([...before, opened])])).toMatchObject({ repetitions: 1 });
  expect(heldOf([])).toBeNull();
});
