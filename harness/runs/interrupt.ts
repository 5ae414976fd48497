import { setImmediate as turn } from "node:timers/promises";

/** What Ctrl+C calls: `end` the first time, `leave` from the second time on. */
export interface OnInterrupt {
  end: () => void;
  /** Exits at once. Everything that this process started ends together with it. */
  leave: () => void;
}

/**
 * Runs `work` so that Ctrl+C ends it in good order. The first SIGINT or SIGTERM calls `end` and aborts the signal that `work` gets. The
 * second one calls `leave`. After a first signal the handlers stay until the process exits: when `work` is done, its result can still be
 * on the way to the terminal.
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

/** Waits until the signals that came during a long calculation have reached their handlers: that takes a turn of the event loop. */
export async function signalsDelivered(): Promise<void> {
  // The first turn ends the one that runs. The second reads the signals.
  await turn();
  await turn();
}
