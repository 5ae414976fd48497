import { interruptible } from "../runs/interrupt.ts";
import { ProgressDisplay } from "./progress.ts";
import { EXIT, leave } from "./exit.ts";
import type { Terminal } from "./terminal.ts";

/**
 * Runs trials and displays which ones are running. Ctrl+C aborts the signal that `run` gets. A second Ctrl+C exits at once, and the lab
 * ends together with this process.
 */
export async function watched<T>(
  terminal: Terminal,
  run: (display: ProgressDisplay, signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const display = new ProgressDisplay(terminal);
  const end = (): void =>
    display.say("Ending the trials, and keeping what they recorded. Press Ctrl+C again to exit at once.");
  return interruptible({ end, leave: () => leave(EXIT.interrupted) }, (signal) =>
    run(display, signal),
  ).finally(() => display.close());
}
