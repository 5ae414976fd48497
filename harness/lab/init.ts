// The first process of the lab: pid 1 of its pid namespace. It starts trials, passes messages between them and the
// command line, reaps the processes that trials leave behind, and exits when the command line has exited. The kernel then ends
// every other process of the lab.
import { spawn, type ChildProcess } from "node:child_process";
import { existsSync } from "node:fs";
import { mountInMemory } from "../kernel/mount.ts";
import { askForPriority, askForSessionPriority, askForShortSlices } from "../kernel/urgency.ts";
import {
  type InitCommand,
  type InitMessage,
  type TrialEnd,
  type TrialMessage,
  USERS_OUTPUT,
  WITH_OUTPUT,
} from "./order.ts";
import { Orphanage } from "./orphans.ts";
import { compiled } from "./paths.ts";
import { SCRATCH_ROOT } from "./scratch.ts";
import { separateTables } from "./tables.ts";

const LINES_KEPT = 12;

const hasOutput = process.argv.includes(WITH_OUTPUT);

const trials = new Map<number, ChildProcess>();
const alive = (): number[] => [...trials.values()].flatMap((child) => child.pid ?? []);
const orphanage = new Orphanage(() => new Set(alive()));

function tell(message: InitMessage): void {
  // The channel can be closing: then there is no receiver any more, and the error is ignored.
  process.send?.(message, undefined, undefined, () => {});
}

function start(trial: number): ChildProcess {
  const child = spawn(process.execPath, [compiled("harness/trial.cjs")], {
    detached: true,
    stdio: [
      "ignore",
      "ignore",
      "pipe",
      "ipc",
      ...(hasOutput ? [USERS_OUTPUT.stdout, USERS_OUTPUT.stderr] : []),
    ],
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
      because: `the trial's process ended ${how}: ${lastWords.join(" | ") || "it printed nothing"}`,
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
// A trial adopts the orphans among its own descendants. Processes that this one adopts have outlived their trial, and so have
// their children.
setInterval(() => orphanage.clear(), 250);
// A trial has to run on time, even when other processes are busy. Every process that starts here inherits both settings.
askForShortSlices();
askForPriority();
askForSessionPriority(process.pid);
separateTables();
// Files that programs leave there disappear with the lab. Without this folder, programs use one that the trial deletes.
if (existsSync(SCRATCH_ROOT)) mountInMemory(SCRATCH_ROOT);
tell({ kind: "up" });
