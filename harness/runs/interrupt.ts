/** What Ctrl+C does: `end` the first time, `leave` from the second on. */
export interface OnInterrupt {
  end: () => void;
  /** Leaves at once. What was started goes with this process. */
  leave: () => void;
}

/**
 * Does something that Ctrl+C ends in good order: the first SIGINT or SIGTERM calls `end`, once, and aborts the signal that `work` was given;
 * the second one leaves. Who has asked for an end keeps that second chance until the process is gone: a result may still be on its way to
 * the terminal when the work is over.
 */
export async function interruptible<T>(
  { end, leave }: OnInterrupt,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const stop = new AbortController();
  const interrupt = (): void => {
    if (stop.signal.aborted) leave();
    end();
    stop.abort();
  };
  process.on("SIGINT", interrupt).on("SIGTERM", interrupt);
  try {
    return await work(stop.signal);
  } finally {
    if (!stop.signal.aborted) process.off("SIGINT", interrupt).off("SIGTERM", interrupt);
  }
}
