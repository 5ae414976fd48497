import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { askForBatches } from "./urgency.ts";

/** The scheduling policy of a process: field 41 of /proc/PID/stat (proc(5)). The first field after the name is the third. */
function policyOf(pid: number): number {
  const [, after = ""] = readFileSync(`/proc/${pid}/stat`, "latin1").split(") ");
  return Number(after.split(" ")[41 - 3]);
}

test("a process asks for batches for another one, and for nobody else", async () => {
  const child = spawn("sleep", ["60"], { stdio: "ignore" });
  await once(child, "spawn");
  const pid = child.pid ?? -1;
  try {
    const own = policyOf(process.pid);
    expect(policyOf(pid)).not.toBe(3);
    expect(askForBatches(pid)).toBe(true);
    expect(policyOf(pid)).toBe(3);
    expect(policyOf(process.pid)).toBe(own);
  } finally {
    child.kill("SIGKILL");
  }
});

test("without such a process, nothing is granted", () => {
  expect(askForBatches(2 ** 22 + 1)).toBe(false);
});
