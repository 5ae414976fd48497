import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { ComparisonPlan } from "../model/comparison.ts";
import { validateSetup } from "../recording/schema.ts";
import { armId, armsInTurn } from "./arm.ts";
import { planOf } from "./hand-made.fixture.ts";
import { holdSetup } from "./hold-setup.ts";
import { clientHost, comparisonSetup, serverOf } from "./setup.ts";
import { areSideBySide, turnsLastMs, turnsOf } from "./turns.ts";

const arms = fc
  .uniqueArray(fc.integer({ min: 1, max: 100 }), { minLength: 1, maxLength: 5 })
  .map((numbers) => [...numbers.toSorted((a, b) => a - b), null]);
const rtt = fc.double({ min: 0, max: 500, noNaN: true });
const plans = fc.record<ComparisonPlan>({
  arms,
  rttsMs: fc.constant([0]),
  connections: fc.integer({ min: 1, max: 997 }),
  repetitions: fc.constant(5),
  seconds: fc.double({ min: 0.2, max: 60, noNaN: true }),
  tls: fc.boolean(),
  insecure: fc.boolean(),
});
const repetition = fc.integer({ min: 1, max: 20 });
/** Checking a setup takes long. */
const RUNS = { numRuns: 30 };

describe("a repetition's setup", () => {
  test("can be run, for any plan", () => {
    fc.assert(
      fc.property(plans, rtt, repetition, (plan, rttMs, nth) => {
        const setup = comparisonSetup(plan, rttMs, nth);
        expect(validateSetup(setup)).toEqual(setup);
        for (const requestsEach of plan.arms) {
          const { port, program } = serverOf(plan, rttMs, requestsEach);
          const { run } = setup.programs[clientHost(requestsEach)]!;
          expect(run).toContain(`{server}:${port}`);
          expect(run).toContain("--at-signal");
          expect(setup.programs[program]?.run.slice(1)).toEqual(["--port", String(port)]);
        }
      }),
      RUNS,
    );
  });

  test("begins each turn when the one before it is over and all clients are ready, or all turns when all are ready", () => {
    fc.assert(
      fc.property(plans, rtt, repetition, (plan, rttMs, nth) => {
        const turns = turnsOf(plan, rttMs, nth);
        const setup = comparisonSetup(plan, rttMs, nth);
        const hosts = turns.map(({ requestsEach }) => clientHost(requestsEach));
        for (const { durationMs, warmUpMs } of turns)
          expect(durationMs - warmUpMs).toBeGreaterThanOrEqual(Math.floor(plan.seconds * 1000));
        expect(setup.interventions.map((one) => one.do)).toEqual(
          hosts.map((program) => ({ signal: "SIGCONT", program })),
        );
        for (const [place, { when }] of setup.interventions.entries()) {
          const before = place === 0 ? ["warm-short", "warm-keep-alive"] : [hosts[place - 1]];
          const condition = { all: [{ ready: hosts }, { exited: before }] };
          if (areSideBySide(plan, rttMs)) expect(when).toEqual({ ready: hosts });
          else expect(when).toMatchObject({ condition });
        }
        expect(setup.phases[0]!.withinMs).toBeGreaterThan(turnsLastMs(plan, rttMs, turns));
      }),
      RUNS,
    );
  });

  test("delays each way by half of the round trip, and has no wire without one", () => {
    const [, far] = comparisonSetup(planOf(), 20, 1).links;
    expect(far).toMatchObject({ kind: "wire", delayMs: [10, 10], segments: "counted" });
    const [, near] = comparisonSetup(planOf(), 0, 1).links;
    expect(near).toEqual({ kind: "direct", between: ["client-short", "server"] });
  });

  test("uses undici for https, in every arm", () => {
    const { programs } = comparisonSetup(planOf({ tls: true }), 0, 1);
    const clients = Object.values(programs).filter(({ role }) => role === "client");
    expect(new Set(clients.map(({ run: [program] }) => program))).toEqual(new Set(["clients/undici"]));
    expect(clients.every(({ run }) => run.includes("--tls"))).toBe(true);
    expect(programs["client-short"]?.run.join(" ")).toContain("--requests-per-connection 1");
    expect(programs["server"]?.run[0]).toBe("short-against-long/https-server");
  });
});

test("the trial that holds idle connections can be run", () => {
  fc.assert(
    fc.property(plans, (plan) => {
      expect(validateSetup(holdSetup(plan))).toEqual(holdSetup(plan));
    }),
    RUNS,
  );
});

test("in as many repetitions as there are arms, each arm is once in every place", () => {
  fc.assert(
    fc.property(arms, (all) => {
      const orders = all.map((_, nth) => armsInTurn(all, nth + 1).map(armId));
      for (const place of all.keys()) {
        expect(new Set(orders.map((order) => order[place])).size).toBe(all.length);
      }
    }),
  );
});
