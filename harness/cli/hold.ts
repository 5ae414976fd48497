import { privileged } from "../lab/entry.ts";
import type { Laboratory } from "../lab/laboratory.ts";
import type { TrialProgress } from "../lab/order.ts";

/** How to look around in a held lab with one's own tools. */
export function lookAround(held: Extract<TrialProgress, { kind: "held" }>, lab: Laboratory): string {
  const enter = privileged() ? "--net --pid --mount" : "--user --preserve-credentials --net --pid --mount";
  const lines = held.hosts.map(({ host, pid }) => {
    const outer = lab.outerPid(pid);
    return outer === null
      ? `  # ${host}: its process is gone`
      : `  # ${host}\n  nsenter --target ${outer} ${enter} ss -tanop`;
  });
  return ["Held at the symptom. In another terminal:", ...lines, "Enter goes on, Ctrl+C ends it."].join("\n");
}

/** Resolves when a line comes in on standard input. At its end (nobody there to press Enter) it goes on waiting. */
export function enterPressed(): Promise<void> {
  return new Promise((resolve) => {
    process.stdin.once("data", () => {
      process.stdin.pause();
      resolve();
    });
  });
}
