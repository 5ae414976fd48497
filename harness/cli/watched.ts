import { interruptible } from "../runs/interrupt.ts";
import { ProgressDisplay } from "./progress.ts";
import { leave } from "./exit.ts";
import type { Terminal } from "./terminal.ts";

/**
 * Runs trials with a display of what runs. Ctrl+C aborts the signal that they are given; a second one leaves at once, and the lab dies with
 * this process.
 */
export async function watched<T>(
  terminal: Terminal,
  run: (display: ProgressDisplay, signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const display = new ProgressDisplay(terminal);
  const end = (): void =>
    display.say("Ending the trials; what they recorded is kept. Once more to leave at once.");
  return interruptible({ end, leave }, (signal) => run(display, signal)).finally(() => display.close());
}
