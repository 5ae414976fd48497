import fc from "fast-check";
import { expect, test } from "vitest";
import { Deadline, waitedBy } from "./deadline.ts";

/** A deadline on clocks that the test moves. `waitedMs` is the part of the time that was spent waiting for a processor. */
function world(withinMs: number): { deadline: Deadline; pass: (ms: number, waitedMs?: number) => void } {
  let [nowMs, waitedMs] = [1000, 70];
  const deadline = new Deadline(
    withinMs,
    () => waitedMs,
    () => nowMs,
  );
  return {
    deadline,
    pass: (ms, without = 0) => {
      nowMs += ms;
      waitedMs += without;
    },
  };
}

test("it is over after exactly its length when nobody waited for a processor", () => {
  const { deadline, pass } = world(500);
  pass(499);
  expect([deadline.isOver, deadline.remainingMs]).toEqual([false, 1]);
  pass(1);
  expect(deadline.isOver).toBe(true);
});

test("it stands still while the processes wait for a processor, and goes on afterwards", () => {
  const { deadline, pass } = world(500);
  pass(2000, 1800);
  expect([deadline.isOver, deadline.remainingMs]).toEqual([false, 300]);
  pass(300);
  expect(deadline.isOver).toBe(true);
});

test("it is over after ten times its length, however long they waited for a processor", () => {
  const { deadline, pass } = world(500);
  pass(4999, 4999);
  expect(deadline.isOver).toBe(false);
  pass(1, 1);
  expect(deadline.isOver).toBe(true);
});

test("it is never over before its length, and always after ten times that", () => {
  const piece = fc.record({ ms: fc.nat(5000), without: fc.nat(20_000) });
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 2000 }), fc.array(piece), (withinMs, pieces) => {
      const { deadline, pass } = world(withinMs);
      let elapsedMs = 0;
      for (const { ms, without } of pieces) {
        pass(ms, without);
        elapsedMs += ms;
        if (elapsedMs < withinMs) expect(deadline.isOver).toBe(false);
        if (elapsedMs >= 10 * withinMs) expect(deadline.isOver).toBe(true);
      }
    }),
  );
});

test("calls back once, and not at all when it was cancelled", async () => {
  let called = 0;
  new Deadline(5, () => 0).whenOver(() => (called += 1));
  // On a clock of its own it cannot be over before it is cancelled, however busy the machine is.
  let nowMs = 0;
  const cancel = new Deadline(
    1,
    () => 0,
    () => nowMs,
  ).whenOver(() => (called += 100));
  cancel();
  nowMs = 1;
  await new Promise<void>((resolve) => {
    new Deadline(20, () => 0).whenOver(resolve);
  });
  expect(called).toBe(1);
});

test("a process that does not exist waited 0 ms; with no count from the kernel, the fallback is used", () => {
  const own = waitedBy(() => [process.pid]);
  expect(own()).toBeGreaterThanOrEqual(0);
  const NOBODY = 2 ** 22 + 1;
  expect(waitedBy(() => [NOBODY])()).toBe(0);
  expect(
    waitedBy(
      () => [NOBODY],
      () => 17,
    )(),
  ).toBe(17);
});
