// The first process of the lab: pid 1 of its pid namespace. It starts trials, passes messages between them and the
// command line, reaps what they leave, and ends when the command line is gone. The kernel then ends all the rest.
import { spawn, type ChildProcess } from "node:child_process";
import { existsSync } from "node:fs";
import { mountInMemory } from "../kernel/mount.ts";
import { askForPriority, askForSessionPriority, askForShortSlices } from "../kernel/urgency.ts";
import type { InitCommand, InitMessage, TrialEnd, TrialMessage } from "./order.ts";
import { Orphanage } from "./orphans.ts";
import { compiled } from "./paths.ts";
import { SCRATCH_ROOT } from "./scratch.ts";
import { separateTables } from "./tables.ts";

const LINES_KEPT = 12;

const trials = new Map<number, ChildProcess>();
const alive = (): number[] => [...trials.values()].flatMap((child) => child.pid ?? []);
const orphanage = new Orphanage(() => new Set(alive()));

function tell(message: InitMessage): void {
  // The channel may be closing under us: then nobody is there to be told.
  process.send?.(message, undefined, undefined, () => {});
}

function start(trial: number): ChildProcess {
  const child = spawn(process.execPath, [compiled("harness/trial.cjs")], {
    detached: true,
    stdio: ["ignore", "ignore", "pipe", "ipc"],
  });
  if (child.pid !== undefined) askForSessionPriority(child.pid);
  const lastWords: string[] = [];
  let ended = false;
  const end = (because: TrialEnd): void => {
    if (ended) return;
    ended = true;
    tell({ kind: "trial", trial, message: { kind: "end", end: because } });
  };
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    lastWords.push(...text.split("\n").filter((line) => line.trim() !== ""));
    lastWords.splice(0, lastWords.length - LINES_KEPT);
  });
  child.on("message", (message) => {
    const said = message as TrialMessage;
    if (said.kind === "end") end(said.end);
    else tell({ kind: "trial", trial, message: said });
  });
  child.on("error", (error) =>
    end({ reason: "fault", because: `the trial's process failed: ${error.message}` }),
  );
  child.on("close", (code, signal) => {
    trials.delete(trial);
    orphanage.clear();
    const how = signal === null ? `with exit code ${code}` : `by ${signal}`;
    end({
      reason: "fault",
      because: `the trial's process ended ${how}: ${lastWords.join(" | ") || "it said nothing"}`,
    });
  });
  trials.set(trial, child);
  return child;
}

process.on("message", (message) => {
  const { trial, command } = message as InitCommand;
  const child = trials.get(trial) ?? (command.kind === "order" ? start(trial) : undefined);
  child?.send(command, undefined, undefined, () => {});
});
process.on("disconnect", () => process.exit(0));
// A trial takes in its own orphans: whoever comes here has outlived one, and its children come here after it.
setInterval(() => orphanage.clear(), 250);
// What is measured must have its turn when it is due, whoever else is busy. All that starts here inherits both.
askForShortSlices();
askForPriority();
askForSessionPriority(process.pid);
separateTables();
// What programs leave there goes with the lab. Where the folder is not there, they have one that the trial takes away.
if (existsSync(SCRATCH_ROOT)) mountInMemory(SCRATCH_ROOT);
tell({ kind: "up" });
