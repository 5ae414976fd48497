import { threadCpuUs } from "../../harness/kernel/usage.ts";
import type { ClientPlan } from "../../harness/load/plan.ts";

/** Which of how many threads this is: from 1. */
export interface Share {
  thread: number;
  threads: number;
}

/**
 * The number of the thread's n-th attempt or connection among those of all threads, both from 1: they take turns, so that what is due
 * at a rate is due at even distances, whoever begins it.
 */
export function numberOf(nth: number, { thread, threads }: Share): number {
  return (nth - 1) * threads + thread;
}

/** How many of a number of things are a thread's. */
export function partOf(count: number, { thread, threads }: Share): number {
  return count === Infinity ? Infinity : Math.max(Math.ceil((count - thread + 1) / threads), 0);
}

/** The plan of a thread: its part of the attempts and of the connections. The rate stays that of all, and so do the numbers. */
export function planOf(plan: ClientPlan, share: Share): ClientPlan {
  const [attempts, concurrency] = [partOf(plan.attempts, share), partOf(plan.concurrency, share)];
  return { ...plan, attempts, concurrency };
}

/** Processor time in milliseconds: of the thread where there are several, otherwise of the process and all that V8 does beside it. */
export function cpuMs({ threads }: Share): number {
  if (threads > 1) return threadCpuUs() / 1000;
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
