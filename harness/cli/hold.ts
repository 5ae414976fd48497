import { privileged } from "../lab/entry.ts";
import type { Laboratory } from "../lab/laboratory.ts";
import type { TrialProgress } from "../lab/order.ts";

/** The commands with which a user can inspect a held lab with other tools. */
export function lookAround(held: Extract<TrialProgress, { kind: "held" }>, lab: Laboratory): string {
  const trial = lab.outerPid(held.trialPid);
  if (trial === null) return "The trial is held at the symptom, but its process has exited.";
  const user = privileged() ? "" : "--user --preserve-credentials ";
  const lines = held.hosts.map(
    ({ host, fd }) =>
      `  # ${host}\n  nsenter --target ${trial} ${user}--net=/proc/${trial}/fd/${fd} --pid --mount ss -tanop`,
  );
  const first = "The trial is held at the symptom. In another terminal:";
  return [first, ...lines, "Enter continues the trial, Ctrl+C ends it."].join("\n");
}

/** Calls `f` when a line is read from standard input. At end of file (nobody can press Enter) the trial stays held. */
export function onEnter(f: () => void): void {
  process.stdin.once("data", f);
}

/** Closes standard input: a pipe that another process keeps open would keep this process alive. */
export function forgetEnter(): void {
  process.stdin.destroy();
}
