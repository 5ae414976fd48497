/**
 * What a thread does at a moment: `running`, on a processor or ready for one; `ended`, where the process goes on without it; `unknown`, where
 * the kernel does not say; otherwise the kernel function in which it sleeps, as the kernel names it (`futex_do_wait`).
 */
export type Wait = string;

/** What the threads of a process do at a moment. */
export interface ThreadWaits {
  /** How many threads it has. More than are read, for a process with many. */
  threads: number;
  main: Wait;
  /** How many of the other threads that were read do each of these. */
  others: Record<Wait, number>;
}
