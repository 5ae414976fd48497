import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Wakeup } from "./wakeup.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** Sleeps from now on, and says when that was over. */
function sleeper(wakeup: Wakeup, atLeastMs: number, atMostMs: number): () => number | null {
  const beganMs = performance.now();
  let tookMs: number | null = null;
  void wakeup.sleep(atLeastMs, atMostMs).then(() => (tookMs = performance.now() - beganMs));
  return () => tookMs;
}

test("nothing happens: it sleeps as long as it may", async () => {
  const took = sleeper(new Wakeup(), 10, 250);
  await vi.advanceTimersByTimeAsync(249);
  expect(took()).toBeNull();
  await vi.advanceTimersByTimeAsync(1);
  expect(took()).toBe(250);
});

test("something happens: it wakes at once", async () => {
  const wakeup = new Wakeup();
  const took = sleeper(wakeup, 10, 250);
  await vi.advanceTimersByTimeAsync(97);
  wakeup.call();
  await vi.advanceTimersByTimeAsync(0);
  expect(took()).toBe(97);
});

test("what happens early, or before, ends the sleep after the least of it", async () => {
  const wakeup = new Wakeup();
  wakeup.call();
  const first = sleeper(wakeup, 10, 250);
  await vi.advanceTimersByTimeAsync(20);
  expect(first()).toBe(10);
  const second = sleeper(wakeup, 10, 250);
  await vi.advanceTimersByTimeAsync(3);
  wakeup.call();
  await vi.advanceTimersByTimeAsync(20);
  expect(second()).toBe(10);
  const third = sleeper(wakeup, 10, 250);
  await vi.advanceTimersByTimeAsync(100);
  expect(third()).toBeNull();
});

test("a bound below the least is kept", async () => {
  const took = sleeper(new Wakeup(), 10, 4);
  await vi.advanceTimersByTimeAsync(20);
  expect(took()).toBe(4);
});
