import { threadCpuUs } from "../../harness/kernel/usage.ts";
import type { ClientPlan } from "../../harness/load/plan.ts";

/** The number of this thread, from 1, and the number of threads. */
export interface Share {
  thread: number;
  threads: number;
}

/**
 * The number, among those of all threads, of this thread's n-th attempt or connection. Both numbers count from 1. Threads take turns,
 * so the attempts of all threads are evenly spaced at the plan's rate.
 */
export function numberOf(nth: number, { thread, threads }: Share): number {
  return (nth - 1) * threads + thread;
}

/** How many of `count` attempts or connections belong to a thread. */
export function partOf(count: number, { thread, threads }: Share): number {
  return count === Infinity ? Infinity : Math.max(Math.ceil((count - thread + 1) / threads), 0);
}

/** The plan of a thread: its part of the attempts and of the connections. The rate remains that of all threads. */
export function planOf(plan: ClientPlan, share: Share): ClientPlan {
  const [attempts, concurrency] = [partOf(plan.attempts, share), partOf(plan.concurrency, share)];
  return { ...plan, attempts, concurrency };
}

/** Processor time in milliseconds: of the thread if there are several, otherwise of the process with all threads of V8. */
export function cpuMs({ threads }: Share): number {
  if (threads > 1) return threadCpuUs() / 1000;
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
