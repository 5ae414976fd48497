import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Wakeup } from "./wakeup.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** Begins to sleep. Returns a function that gives how long the sleep lasted, or null while it lasts. */
function sleeper(wakeup: Wakeup, atLeastMs: number, atMostMs: number): () => number | null {
  const beganMs = performance.now();
  let tookMs: number | null = null;
  void wakeup.sleep(atLeastMs, atMostMs).then(() => (tookMs = performance.now() - beganMs));
  return () => tookMs;
}

test("when nothing happens, it sleeps for the greatest time", async () => {
  const took = sleeper(new Wakeup(), 10, 250);
  await vi.advanceTimersByTimeAsync(249);
  expect(took()).toBeNull();
  await vi.advanceTimersByTimeAsync(1);
  expect(took()).toBe(250);
});

test("when something happens, it wakes at once", async () => {
  const wakeup = new Wakeup();
  const took = sleeper(wakeup, 10, 250);
  await vi.advanceTimersByTimeAsync(97);
  wakeup.call();
  await vi.advanceTimersByTimeAsync(0);
  expect(took()).toBe(97);
});

test("a call before the sleep, or early in it, ends it after the least time", async () => {
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

test("a greatest time below the least time is kept", async () => {
  const took = sleeper(new Wakeup(), 10, 4);
  await vi.advanceTimersByTimeAsync(20);
  expect(took()).toBe(4);
});
