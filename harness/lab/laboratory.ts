import { spawn, type ChildProcess } from "node:child_process";
import { entryCommand } from "./entry.ts";
import type {
  InitMessage,
  TrialCommand,
  TrialEnd,
  TrialMessage,
  TrialOrder,
  TrialProgress,
} from "./order.ts";
import { labEnvironment } from "./environment.ts";
import { outerPid } from "./outer-pid.ts";
import { compiled } from "./paths.ts";

/** How long the lab's first process may take to say that it is up, on the busiest of machines. */
const UP_WITHIN_MS = 20_000;
/** How long trials may take to put an end to their recordings when they are told to stop. */
const STOP_WITHIN_MS = 5_000;

/** The lab could not be built on this machine. The message is what the system said; preflight says what to do. */
export class LaboratoryUnavailable extends Error {
  override readonly name = "LaboratoryUnavailable";
}

interface RunningTrial {
  onProgress: (progress: TrialProgress) => void;
  onEnd: (end: TrialEnd) => void;
}

/**
 * The namespaces that trials run in, entered once. It ends at close(), and with the process that opened it, however
 * that ends.
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

  /** Builds the namespaces. Throws LaboratoryUnavailable with what the system said when it cannot. */
  static async open(): Promise<Laboratory> {
    const { executable, args } = entryCommand([process.execPath, compiled("harness/lab/init.cjs")]);
    // A session of its own: Ctrl+C at the terminal reaches the command line alone, which ends the trials in order.
    const child = spawn(executable, args, {
      detached: true,
      env: labEnvironment(),
      stdio: ["ignore", "ignore", "pipe", "ipc"],
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
      const bound = setTimeout(
        () =>
          fail(
            `the lab's first process was not up within ${UP_WITHIN_MS / 1000} s: is the machine overloaded?`,
          ),
        UP_WITHIN_MS,
      );
      child.once("message", () => {
        clearTimeout(bound);
        child
          .removeAllListeners("error")
          .removeAllListeners("close")
          .on("error", () => {});
        resolve();
      });
      child.once("error", (error) => {
        clearTimeout(bound);
        fail(`${executable} could not be run: ${error.message}`);
      });
      child.once("close", (code) => {
        clearTimeout(bound);
        fail(said.trim() || `${executable} ended with exit code ${code}`);
      });
    });
    return new Laboratory(child);
  }

  /** Runs one trial to its end. It never rejects: what went wrong is in the end's reason. */
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

  /** The number by which this machine knows a process of the lab; null when it is gone. */
  outerPid(inner: number): number | null {
    return this.#child.pid === undefined ? null : outerPid(this.#child.pid, inner);
  }

  /** Tells every trial to end its recording as interrupted, and waits for them. One that does not end in time is given up. */
  async stop(): Promise<void> {
    const trials = [...this.#running.keys()];
    if (trials.length === 0) return;
    await new Promise<void>((resolve) => {
      const bound = setTimeout(() => {
        const because = `it did not end within ${STOP_WITHIN_MS / 1000} s of being told to`;
        for (const trial of trials) {
          const running = this.#running.get(trial);
          if (running !== undefined)
            this.#pass(trial, running, { kind: "end", end: { reason: "fault", because } });
        }
        resolve();
      }, STOP_WITHIN_MS);
      for (const trial of trials) {
        const running = this.#running.get(trial);
        if (running === undefined) continue;
        const { onEnd } = running;
        running.onEnd = (end) => {
          onEnd(end);
          if (this.#running.size > 0) return;
          clearTimeout(bound);
          resolve();
        };
        this.#send(trial, { kind: "stop" });
      }
    });
  }

  /** Ends the lab and waits until it is gone. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    const gone = new Promise<void>((resolve) => {
      this.#child.once("close", () => resolve());
    });
    // No disconnect(): Node then never says "close", which here means that the last process of the lab is gone.
    this.#child.kill("SIGKILL");
    await gone;
  }

  #send(trial: number, command: TrialCommand): void {
    // A channel that is closing is told of by `exit`; here there is nothing to add.
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
      running.onEnd({ reason: "fault", because: "the lab's first process is gone: somebody ended it" });
    }
  }
}
