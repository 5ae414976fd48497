import { expect, test } from "vitest";
import type { ClientPlan } from "../../harness/load/plan.ts";
import { monotonicUs } from "./clock.ts";
import type { Listener } from "./driven.ts";
import { readOptions } from "./options.ts";
import type { Queued } from "./queue.ts";
import { Schedule } from "./schedule.ts";

interface Idle extends Queued<Idle> {
  name: string;
}

const silent: Listener = {
  begin: () => {},
  attempt: () => {},
  late: () => {},
  neverBegun: () => {},
  connection: () => {},
  over: () => {},
  breathe: () => {},
};

const LOADS = [
  ["--attempts", "97"],
  ["--duration-ms", "60000"],
  ["--attempts", "97", "--rate", "23"],
];

test.each(LOADS)("no attempt begins before the start: %s %s", (...load) => {
  const asked = readOptions(["--to", "127.0.0.1:8080", "--concurrency", "5", ...load], {
    keepOpen: true,
    flags: [],
  }) as { plan: ClientPlan };
  const begunBy = (startUs: number): { schedule: Schedule<Idle>; begun: number[] } => {
    const schedule = new Schedule<Idle>(asked.plan, { thread: 1, threads: 1 }, silent);
    const begun: number[] = [];
    schedule.begin(startUs);
    schedule.beginDue((attempt) => {
      schedule.take();
      begun.push(attempt);
    });
    return { schedule, begun };
  };
  const startUs = monotonicUs() + 60_000_000;
  const early = begunBy(startUs);
  expect(early.begun).toEqual([]);
  expect(early.schedule.beginsUs(monotonicUs())).toBe(startUs);
  expect(begunBy(monotonicUs()).begun[0]).toBe(1);
});

test("in an open loop, due attempts without a place are never begun; those not yet due are not reported", () => {
  const { plan } = readOptions(
    ["--to", "127.0.0.1:8080", "--concurrency", "1", "--duration-ms", "500", "--rate", "10", "--open"],
    { keepOpen: true, flags: [] },
  ) as { plan: ClientPlan };
  const never: number[][] = [];
  const listener: Listener = { ...silent, neverBegun: (...told) => void never.push(told) };
  const schedule = new Schedule<Idle>(plan, { thread: 1, threads: 1 }, listener);
  const startUs = monotonicUs() - 2_000_000;
  schedule.begin(startUs);
  // Five attempts are due, one every 100 ms. The first has the only place and keeps it.
  schedule.beginDue(() => void [schedule.take(), schedule.nextConnection()]);
  expect(never).toEqual([]);
  schedule.endLoad();
  expect(never).toEqual([1, 2, 3, 4].map((nth) => [nth + 1, nth + 1, startUs + nth * 100_000]));
});
