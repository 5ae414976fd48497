import { createLogUpdate } from "log-update";
import type { TrialProgress } from "../lab/order.ts";
import type { RunWatch } from "../runs/watch.ts";
import { progressLines, type Running } from "./progress-lines.ts";
import type { Terminal } from "./terminal.ts";

/** How often the live display is redrawn. */
const DRAW_EVERY_MS = 200;
const UNKNOWN_SIZE = { columns: 100, rows: 24 };
/** Without a live display: the longest time without a printed line. */
const SILENCE_MS = 10_000;

/** Shows on standard error which trials run and what was observed so far: a live display on a terminal, plain lines elsewhere. */
export class ProgressDisplay implements RunWatch {
  readonly #terminal: Terminal;
  #total = 0;
  readonly #running = new Map<string, Running>();
  readonly #log = createLogUpdate(process.stderr);
  readonly #timer: NodeJS.Timeout;
  #done = 0;
  #saidMs = performance.now();

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
    this.#timer = terminal.live
      ? setInterval(() => this.#draw(), DRAW_EVERY_MS)
      : setInterval(() => this.#breakSilence(), 1000);
  }

  planned(trials: number): void {
    this.#total += trials;
  }

  begin(name: string): void {
    this.#running.set(name, { name, sinceMs: performance.now(), phase: "setup", seen: new Map() });
  }

  tell(name: string, progress: TrialProgress): void {
    const running = this.#running.get(name);
    if (running === undefined) return;
    if (progress.kind === "phase") running.phase = progress.phase;
    if (progress.kind === "seen") running.seen.set(progress.host, progress.states);
  }

  /** `outcome`: how the trial ended, in one or two words. */
  end(name: string, outcome: string, seconds: number): void {
    this.#running.delete(name);
    this.#done += 1;
    this.#plain(`[${this.#done}/${this.#total}] ${outcome.padEnd(12)} ${name}  ${seconds.toFixed(1)} s`);
  }

  /** Prints a line without breaking the live display. */
  say(text: string): void {
    if (this.#terminal.live) this.#log.clear();
    this.#terminal.err(text);
  }

  /** Clears the live display before something is printed on standard output. */
  clear(): void {
    if (this.#terminal.live) this.#log.clear();
  }

  close(): void {
    clearInterval(this.#timer);
    this.clear();
    if (this.#terminal.live) this.#log.done();
  }

  #plain(line: string): void {
    if (this.#terminal.live) return;
    this.#saidMs = performance.now();
    this.#terminal.err(line);
  }

  #breakSilence(): void {
    if (performance.now() - this.#saidMs < SILENCE_MS) return;
    this.#plain(`[${this.#done}/${this.#total}] running: ${[...this.#running.keys()].join(", ")}`);
  }

  #draw(): void {
    // 0 by 0: a terminal that does not say its size.
    const { columns, rows } = process.stderr.columns > 0 ? process.stderr : UNKNOWN_SIZE;
    const state = {
      done: this.#done,
      total: this.#total,
      running: [...this.#running.values()],
      nowMs: performance.now(),
    };
    // The cursor stands in the line below the display.
    this.#log(progressLines(state, { columns, rows: rows - 1 }, this.#terminal.colors).join("\n"));
  }
}
