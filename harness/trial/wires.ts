import type { ChildProcess } from "node:child_process";
import type { Readable } from "node:stream";
import { Deadline, type Waited } from "../lab/deadline.ts";
import { spawnWire, type WireHost } from "../lab/wire-host.ts";
import type { Sample } from "../model/sample.ts";
import type { InterventionPlan } from "../model/setup.ts";
import type { WireAct, WireCommand, WireMessage, WireSummary } from "../wire/order.ts";
import type { Capture } from "./capture.ts";
import type { TrialClock } from "./clock.ts";
import { SegmentReader } from "./segments.ts";

/** How long a wire may take to become ready or to carry out an intervention; below, how long it may take to send the rest at the end. */
const ANSWER_WITHIN_MS = 5_000;
const FINISH_WITHIN_MS = 30_000;
const LINES_KEPT = 6;
/** How many bytes of each frame a wire logs: enough for all headers, with almost no payload. For a capture it logs whole frames. */
const KEEP_BYTES = 192;
const KEEP_ALL = 0xffff;

/** What wires need from their trial. `capture` is null when no packet file is wanted. */
export interface TrialOfWires {
  clock: TrialClock;
  append: (sample: Sample) => void;
  onFault: (because: string) => void;
  /** For how long the wires' processes were ready to run and had no processor. */
  waited: Waited;
  capture: Capture | null;
}

/** The wires of a trial. Each is a process in its own host, and logs the frames that pass. */
export class Wires {
  readonly #wires: RunningWire[];
  readonly #capture: Capture | null;

  constructor(hosts: WireHost[], trial: TrialOfWires) {
    this.#wires = hosts.map((host) => new RunningWire(host, trial));
    this.#capture = trial.capture;
  }

  /** Waits until frames pass on all wires. Throws a sentence when one is not ready in time. */
  async ready(): Promise<void> {
    await Promise.all(this.#wires.map((wire) => wire.ready()));
  }

  /** The pids of the wires' processes, in the setup's order; undefined for one that has exited. */
  pids(): (number | undefined)[] {
    return this.#wires.map((wire) => wire.pid);
  }

  /**
   * Sends an intervention to all wires. The wires that it changes carry it out, and all of them log it. It is in force when this
   * returns. Throws a sentence when a wire does not answer.
   */
  async intervene({ name, do: action }: InterventionPlan): Promise<void> {
    await Promise.all(this.#wires.map((wire) => wire.intervene(name, actOn(wire.host, action))));
  }

  /** Ends the wires. When this returns, the recording has their last samples, and the capture is written. */
  async finish(): Promise<void> {
    await Promise.all(this.#wires.map((wire) => wire.finish()));
    this.#capture?.write();
  }
}

function actOn({ nth, plan }: WireHost, action: InterventionPlan["do"]): WireAct | null {
  if ("link" in action) return action.nth === nth ? { cut: action.link === "cut" } : null;
  if (!("host" in action)) return null;
  const side = plan.between.indexOf(action.host);
  return side === 0 || side === 1 ? { side, become: action.become } : null;
}

class RunningWire {
  readonly host: WireHost;
  readonly #child: ChildProcess;
  readonly #trial: TrialOfWires;
  readonly #segments: SegmentReader;
  readonly #lastWords: string[] = [];
  readonly #awaited = new Map<string, () => void>();
  #gone = false;
  #summary: WireSummary | null = null;

  constructor(host: WireHost, trial: TrialOfWires) {
    this.host = host;
    this.#trial = trial;
    this.#segments = new SegmentReader(host.nth, host.plan, trial.clock, (segment) =>
      trial.capture?.add(segment),
    );
    this.#child = spawnWire(host);
    this.#child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      this.#lastWords.push(...text.split("\n").filter((line) => line.trim() !== ""));
      this.#lastWords.splice(0, this.#lastWords.length - LINES_KEPT);
    });
    const log = this.#child.stdio[4] as Readable;
    log.on("data", (piece: Buffer) => {
      for (const sample of this.#segments.read(piece)) this.#trial.append(sample);
    });
    this.#child.on("message", (message) => this.#hear(message as WireMessage));
    this.#child.on("error", (error) => this.#lost(error.message));
    this.#child.on("close", (code, signal) => this.#lost(signal ?? `exit code ${code}`));
  }

  get pid(): number | undefined {
    return this.#gone ? undefined : this.#child.pid;
  }

  async ready(): Promise<void> {
    const { plan, devices, router } = this.host;
    const keepBytes = this.#trial.capture === null ? KEEP_BYTES : KEEP_ALL;
    const order = { plan, devices, router, keepBytes };
    await this.#ask({ kind: "order", order }, "ready");
  }

  async intervene(name: string, act: WireAct | null): Promise<void> {
    await this.#ask({ kind: "intervention", name, act }, `did ${name}`);
  }

  async finish(): Promise<void> {
    if (this.#gone) return;
    await this.#ask({ kind: "finish" }, "finished", FINISH_WITHIN_MS);
  }

  async #ask(command: WireCommand, answer: string, withinMs = ANSWER_WITHIN_MS): Promise<void> {
    if (this.#gone) throw new Error(`${this.#name} is gone`);
    await new Promise<void>((resolve, reject) => {
      const answered = new Deadline(withinMs, this.#trial.waited).whenOver(() => {
        reject(new Error(`${this.#name} did not answer within ${withinMs} ms (${answer})`));
      });
      this.#awaited.set(answer, () => {
        answered();
        resolve();
      });
      this.#child.send(command, undefined, undefined, () => {});
    });
  }

  #hear(message: WireMessage): void {
    if (message.kind === "failed") this.#trial.onFault(`${this.#name} failed: ${message.because}`);
    else if (message.kind === "finished") this.#summary = message.summary;
    else this.#answer(message.kind === "did" ? `did ${message.name}` : "ready");
  }

  #end(summary: WireSummary): void {
    for (const sample of this.#segments.rest()) this.#trial.append(sample);
    this.#trial.append({ ...this.#trial.clock.now(), kind: "wire", link: this.host.nth, ...summary });
  }

  #answer(what: string): void {
    this.#awaited.get(what)?.();
    this.#awaited.delete(what);
  }

  /** Its process has exited, and its output was read to the end. */
  #lost(how: string): void {
    if (this.#gone) return;
    this.#gone = true;
    if (this.#summary === null) {
      this.#trial.onFault(
        `${this.#name} ended by itself (${how}): ${this.#lastWords.join(" | ") || "it printed nothing"}`,
      );
    } else this.#end(this.#summary);
    for (const answer of [...this.#awaited.keys()]) this.#answer(answer);
  }

  get #name(): string {
    return `wire ${this.host.nth} (${this.host.plan.between.join(" to ")})`;
  }
}
