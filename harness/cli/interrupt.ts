import { EXIT } from "./exit.ts";

/**
 * Does something that Ctrl+C ends in good order: the first SIGINT or SIGTERM calls `end`, once; the second one leaves at once, with exit
 * 130, and what was started goes with this process. Who has asked for an end keeps that second chance until the process is gone: a result
 * may still be on its way to the terminal when the work is over.
 */
export async function interruptible<T>(end: () => void, work: () => Promise<T>): Promise<T> {
  let isInterrupted = false;
  const interrupt = (): void => {
    if (isInterrupted) process.exit(EXIT.interrupted);
    isInterrupted = true;
    end();
  };
  process.on("SIGINT", interrupt).on("SIGTERM", interrupt);
  try {
    return await work();
  } finally {
    if (!isInterrupted) process.off("SIGINT", interrupt).off("SIGTERM", interrupt);
  }
}
