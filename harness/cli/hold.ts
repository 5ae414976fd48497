import { privileged } from "../lab/entry.ts";
import type { Laboratory } from "../lab/laboratory.ts";
import type { TrialProgress } from "../lab/order.ts";
import { trialName, type TrialPlan } from "../runs/trial.ts";

/** The commands with which a user can inspect the lab of a held trial with other tools. */
export function lookAround(
  plan: TrialPlan,
  held: Extract<TrialProgress, { kind: "held" }>,
  lab: Laboratory,
): string {
  const where = `${trialName(plan)} is held at the end of ${held.phase}`;
  const trial = lab.outerPid(held.trialPid);
  if (trial === null) return `${where}, but its process has exited.`;
  const user = privileged() ? "" : "--user --preserve-credentials ";
  const lines = held.hosts.map(
    ({ host, fd }) =>
      `  # ${host}\n  nsenter --target ${trial} ${user}--net=/proc/${trial}/fd/${fd} --pid --mount ss -tanop`,
  );
  return [`${where}. In another terminal:`, ...lines, "Enter continues the trial, Ctrl+C ends it."].join(
    "\n",
  );
}

/** What is printed when a held trial continues, because standard input has ended. */
export const NO_ENTER =
  "Standard input has ended, so nobody can press Enter: the trial continues. To hold it, start it in a terminal.";

/**
 * Calls `f` once: when a line is read from standard input, or at its end, after which nobody can press Enter. `ended` says which of
 * them it was.
 */
export function onEnter(f: (ended: boolean) => void): void {
  const { stdin } = process;
  let over = false;
  const once = (ended: boolean): void => {
    if (over) return;
    over = true;
    f(ended);
  };
  if (stdin.readableEnded) return once(true);
  stdin.once("data", () => once(false));
  stdin.once("end", () => once(true));
  // A standard input that cannot be read has ended, too.
  stdin.once("error", () => once(true));
}

/** Closes standard input: a pipe that another process keeps open would keep this process alive. */
export function forgetEnter(): void {
  process.stdin.destroy();
}
