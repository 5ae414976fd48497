import { spawn, type ChildProcess } from "node:child_process";
import { descendants } from "../kernel/process.ts";
import { Deadline, type Waited, waitedBy } from "./deadline.ts";
import { entryCommand } from "./entry.ts";
import {
  type InitMessage,
  type TrialCommand,
  type TrialEnd,
  type TrialMessage,
  type TrialOrder,
  type TrialProgress,
  WITH_OUTPUT,
} from "./order.ts";
import { labEnvironment } from "./environment.ts";
import { outerPid } from "./outer-pid.ts";
import { compiled } from "./paths.ts";

/** How long the lab's first process may take to report that it is up. Enough for a very busy machine. */
const UP_WITHIN_MS = 20_000;
/** How long trials may take to finish their recordings after a stop command. */
const STOP_WITHIN_MS = 5_000;

/** The lab could not be built on this machine. The message is the system's own; `lastack preflight` explains what to do. */
export class LaboratoryUnavailable extends Error {
  override readonly name = "LaboratoryUnavailable";
}

interface RunningTrial {
  onProgress: (progress: TrialProgress) => void;
  onEnd: (end: TrialEnd) => void;
}

/**
 * The namespaces that trials run in, entered once. It ends at close(), or when the process that opened it ends for any
 * reason.
 */
export class Laboratory {
  readonly #child: ChildProcess;
  readonly #running = new Map<number, RunningTrial>();
  #started = 0;
  #closed = false;

  private constructor(child: ChildProcess) {
    this.#child = child;
    child.on("message", (message) => this.#hear(message as InitMessage));
    child.on("exit", () => this.#lost());
  }

  /**
   * Builds the namespaces. When that fails, it throws LaboratoryUnavailable with the system's message. `output`: descriptors of this
   * process, for a foreign program of which a trial's order says that it writes to the user.
   */
  static async open(output?: { stdout: number; stderr: number }): Promise<Laboratory> {
    const words = output === undefined ? [] : [WITH_OUTPUT];
    const { executable, args } = entryCommand([process.execPath, compiled("harness/lab/init.cjs"), ...words]);
    // In a session of its own, so that Ctrl+C at the terminal reaches only the command line, which ends the trials properly.
    const child = spawn(executable, args, {
      detached: true,
      env: labEnvironment(),
      stdio: [
        ...(["ignore", "ignore", "pipe", "ipc"] as const),
        ...(output === undefined ? [] : [output.stdout, output.stderr]),
      ],
    });
    let said = "";
    child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      said = (said + text).slice(-2000);
    });
    await new Promise<void>((resolve, reject) => {
      const fail = (why: string): void => {
        child.removeAllListeners();
        child.on("error", () => {});
        child.kill("SIGKILL");
        reject(new LaboratoryUnavailable(why));
      };
      const inTime = new Deadline(UP_WITHIN_MS, waitedIn(child)).whenOver(() =>
        fail(
          `the lab's first process did not start within ${UP_WITHIN_MS / 1000} s (time without a processor not counted)`,
        ),
      );
      child.once("message", () => {
        inTime();
        child
          .removeAllListeners("error")
          .removeAllListeners("close")
          .on("error", () => {});
        resolve();
      });
      child.once("error", (error) => {
        inTime();
        fail(`${executable} could not be run: ${error.message}`);
      });
      child.once("close", (code) => {
        inTime();
        fail(said.trim() || `${executable} ended with exit code ${code}`);
      });
    });
    return new Laboratory(child);
  }

  /** Runs one trial to its end. The promise never rejects: an error is in `reason` and `because` of the end. */
  run(
    order: TrialOrder,
    onProgress: (progress: TrialProgress) => void,
  ): { trial: number; ended: Promise<TrialEnd> } {
    const trial = ++this.#started;
    const ended = new Promise<TrialEnd>((resolve) => {
      if (this.#closed) {
        resolve({ reason: "fault", because: "the lab is closed" });
        return;
      }
      this.#running.set(trial, { onProgress, onEnd: resolve });
      this.#send(trial, { kind: "order", order });
    });
    return { trial, ended };
  }

  /** Lets a held trial go on. */
  release(trial: number): void {
    this.#send(trial, { kind: "release" });
  }

  /** The pid of a lab process in this process's own pid namespace; null when it has exited. */
  outerPid(inner: number): number | null {
    return this.#child.pid === undefined ? null : outerPid(this.#child.pid, inner);
  }

  /** Tells every trial to end its recording as interrupted, and waits for them. It gives up a trial that does not end in time. */
  async stop(): Promise<void> {
    const trials = [...this.#running.keys()];
    if (trials.length === 0) return;
    await new Promise<void>((resolve) => {
      const inTime = new Deadline(STOP_WITHIN_MS, waitedIn(this.#child)).whenOver(() => {
        const because = `it did not end within ${STOP_WITHIN_MS / 1000} s after the stop command`;
        for (const trial of trials) {
          const running = this.#running.get(trial);
          if (running !== undefined)
            this.#pass(trial, running, { kind: "end", end: { reason: "fault", because } });
        }
        resolve();
      });
      for (const trial of trials) {
        const running = this.#running.get(trial);
        if (running === undefined) continue;
        const { onEnd } = running;
        running.onEnd = (end) => {
          onEnd(end);
          if (this.#running.size > 0) return;
          inTime();
          resolve();
        };
        this.#send(trial, { kind: "stop" });
      }
    });
  }

  /** Ends the lab and waits until its last process has exited. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    const gone = new Promise<void>((resolve) => {
      this.#child.once("close", () => resolve());
    });
    // No disconnect(): Node would then never emit "close", which here means that the last process of the lab has exited.
    this.#child.kill("SIGKILL");
    await gone;
  }

  #send(trial: number, command: TrialCommand): void {
    // When the channel is closing, the `exit` handler ends the trials; a failed send needs no handling here.
    if (this.#child.connected) this.#child.send({ trial, command }, undefined, undefined, () => {});
  }

  #hear(message: InitMessage): void {
    if (message.kind === "up") return;
    const running = this.#running.get(message.trial);
    if (running === undefined) return;
    this.#pass(message.trial, running, message.message);
  }

  #pass(trial: number, running: RunningTrial, message: TrialMessage): void {
    if (message.kind === "progress") {
      running.onProgress(message.progress);
      return;
    }
    this.#running.delete(trial);
    running.onEnd(message.end);
  }

  #lost(): void {
    this.#closed = true;
    for (const [trial, running] of this.#running) {
      this.#running.delete(trial);
      running.onEnd({ reason: "fault", because: "the lab's first process has exited: somebody ended it" });
    }
  }
}

/** How long this process and the lab's processes were ready to run and had no processor. */
function waitedIn({ pid }: ChildProcess): Waited {
  return waitedBy(() => [process.pid, ...(pid === undefined ? [] : descendants(pid))]);
}
