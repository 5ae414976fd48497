import { privileged } from "../lab/entry.ts";
import type { Laboratory } from "../lab/laboratory.ts";
import type { TrialProgress } from "../lab/order.ts";

/** How to look around in a held lab with one's own tools. */
export function lookAround(held: Extract<TrialProgress, { kind: "held" }>, lab: Laboratory): string {
  const trial = lab.outerPid(held.trialPid);
  if (trial === null) return "Held at the symptom, but its process is gone.";
  const user = privileged() ? "" : "--user --preserve-credentials ";
  const lines = held.hosts.map(
    ({ host, fd }) =>
      `  # ${host}\n  nsenter --target ${trial} ${user}--net=/proc/${trial}/fd/${fd} --pid --mount ss -tanop`,
  );
  return ["Held at the symptom. In another terminal:", ...lines, "Enter goes on, Ctrl+C ends it."].join("\n");
}

/** Calls back when a line comes in on standard input. At its end (nobody there to press Enter) it goes on waiting. */
export function onEnter(f: () => void): void {
  process.stdin.once("data", f);
}

/** Lets go of standard input: a pipe that somebody keeps open would keep this process alive. */
export function forgetEnter(): void {
  process.stdin.destroy();
}
