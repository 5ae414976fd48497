import { createLogUpdate } from "log-update";
import type { LoadLine } from "../../load/line.ts";
import type { LoadPlan } from "../../load/load-plan.ts";
import type { Look, Surroundings } from "../../load/load-run.ts";
import { portsRunLow, type PortUse, portUse, statesOf } from "../../load/ports.ts";
import { secondFigures, type SecondFigures } from "../../load/seconds.ts";
import type { StateCounts } from "../../model/state.ts";
import type { Terminal } from "../terminal.ts";

/** How often the live display is redrawn. */
const DRAW_EVERY_MS = 200;
/** For how long looks are kept. */
const LOOKS_FOR_US = 3_000_000;
/** Without a live display: how often a line is printed. */
const SAY_EVERY_MS = 2000;
/** While a load runs, it has reported nothing of its ports. */
const UNMEASURED = { fromUs: 0, toUs: 0, exhausted: 0 };

/** Shows the progress of a load on standard error: a live display on a terminal, plain lines elsewhere. */
export class LoadDisplay {
  readonly #terminal: Terminal;
  readonly #plan: LoadPlan;
  readonly #surroundings: Surroundings;
  readonly #log = createLogUpdate(process.stderr);
  readonly #timer: NodeJS.Timeout;
  readonly #sinceMs = performance.now();
  /** Lines of the seconds that not all threads have reported yet. */
  readonly #told = new Map<number, LoadLine[]>();
  #latest: SecondFigures | null = null;
  #errors = 0;
  /** The looks of the last LOOKS_FOR_US. Where a port is free again after 1 s, one look is not enough to count the ports in use. */
  #looks: Look[] = [];

  constructor(terminal: Terminal, plan: LoadPlan, surroundings: Surroundings) {
    this.#terminal = terminal;
    this.#plan = plan;
    this.#surroundings = surroundings;
    this.#timer = terminal.live
      ? setInterval(() => this.#draw(), DRAW_EVERY_MS)
      : setInterval(() => this.#terminal.err(this.#lines().join("  ")), SAY_EVERY_MS);
  }

  tellSecond(line: LoadLine): void {
    const lines = [...(this.#told.get(line.second) ?? []), line];
    this.#told.set(line.second, lines);
    if (lines.length < this.#plan.threads) return;
    this.#told.delete(line.second);
    this.#latest = secondFigures(line.second, lines);
    this.#errors += this.#latest.errors;
  }

  tellLook(look: Look): void {
    const sinceUs = look.monotonicUs - LOOKS_FOR_US;
    this.#looks = [...this.#looks.filter(({ monotonicUs }) => monotonicUs >= sinceUs), look];
  }

  /** Prints a line without breaking the live display. */
  say(text: string): void {
    if (this.#terminal.live) this.#log.clear();
    this.#terminal.err(text);
  }

  close(): void {
    clearInterval(this.#timer);
    if (!this.#terminal.live) return;
    this.#log.clear();
    this.#log.done();
  }

  #draw(): void {
    const width = process.stderr.columns ?? 100;
    const [first = "", ...rest] = this.#lines();
    const lines = [
      this.#terminal.colors.bold(first.slice(0, width)),
      ...rest.map((line) => line.slice(0, width)),
    ];
    this.#log(lines.join("\n"));
  }

  #lines(): string[] {
    const groups = this.#looks.at(-1)?.sockets.groups ?? [];
    return [
      `${((performance.now() - this.#sinceMs) / 1000).toFixed(0).padStart(3)} s  ${this.#rate()}`,
      `client ${wording(statesOf(groups, "connector"))}`,
      `server ${this.#surroundings.bothEndsHere ? wording(statesOf(groups, "listener")) : "not visible from here"}`,
      this.#ports(),
    ];
  }

  #ports(): string {
    const inUse = (looks: readonly Look[]): PortUse =>
      portUse(looks, this.#surroundings, this.#plan.to.address, UNMEASURED);
    const use = inUse(this.#looks);
    const warning = portsRunLow(use) ? "; connect() becomes slow when half of them are taken" : "";
    const now = inUse(this.#looks.slice(-1)).most;
    return `ports ${now.toLocaleString("en-US")} of ${use.usable.toLocaleString("en-US")}${warning}`;
  }

  #rate(): string {
    if (this.#latest === null) return "warming up";
    const { ok, totalMs } = this.#latest;
    const times = totalMs === null ? "" : `  p50 ${ms(totalMs.p50)}  p99 ${ms(totalMs.p99)}`;
    return `${ok.toLocaleString("en-US")} a second${times}  errors ${this.#errors.toLocaleString("en-US")}`;
  }
}

function ms(value: number): string {
  return `${value < 10 ? value.toFixed(2) : value.toFixed(0)} ms`;
}

function wording(states: StateCounts): string {
  const counts = Object.entries(states).map(([state, count]) => `${state} ${count.toLocaleString("en-US")}`);
  return counts.length === 0 ? "no connection" : counts.join(" ");
}
