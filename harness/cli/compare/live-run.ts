import { resolveTarget, TargetRefused } from "../../generator/resolve.ts";
import { runLoad } from "../../generator/run.ts";
import { armId, armsInTurn } from "../../load/compare/arm.ts";
import type { Repetition } from "../../load/compare/figures.ts";
import { figuresOf } from "../../load/compare/gather.ts";
import { livePlan, liveTurn } from "../../load/compare/live.ts";
import type { Endpoint } from "../../load/load-plan.ts";
import { parseTarget } from "../../load/target.ts";
import type { Comparison, ComparisonPlan } from "../../model/comparison.ts";
import { InputError, UsageError } from "../exit.ts";
import { ProgressDisplay } from "../progress.ts";
import type { Terminal } from "../terminal.ts";

/** Where a comparison goes that is not in the lab. Throws UsageError for a target that is not ours, InputError for one that is nowhere. */
export async function liveEndpoint(url: string, mine: boolean, terminal: Terminal): Promise<Endpoint> {
  try {
    const target = parseTarget(url);
    if (target.scheme === "tcp")
      throw new UsageError(
        "--url takes http or https: a tcp server has no requests that all arms could make.",
      );
    const { endpoint, said } = await resolveTarget(target, mine);
    if (said !== null) terminal.err(said);
    return endpoint;
  } catch (error) {
    if (error instanceof RangeError) throw new UsageError(error.message);
    if (!(error instanceof TargetRefused)) throw error;
    throw error.kind === "foreign" ? new UsageError(error.message) : new InputError(error.message);
  }
}

/** A comparison against a server that is there already: arms one after another, in another order in each repetition. */
export class LiveRun {
  readonly #plan: ComparisonPlan;
  readonly #to: Endpoint;
  readonly #url: string;
  readonly #terminal: Terminal;
  /** Of the load that is under way. */
  #ending = new AbortController();
  #stopped = false;
  readonly #repetitions: Repetition[] = [];
  readonly #faults: string[] = [];
  readonly #unseen: Record<string, Record<string, string>> = {};

  constructor(plan: ComparisonPlan, to: Endpoint, url: string, terminal: Terminal) {
    this.#plan = plan;
    this.#to = to;
    this.#url = url;
    this.#terminal = terminal;
  }

  /** Ends the load now; what was measured is kept. */
  stop(): void {
    this.#stopped = true;
    this.#ending.abort();
  }

  async all(): Promise<Comparison> {
    const { repetitions, arms } = this.#plan;
    const display = new ProgressDisplay(this.#terminal, repetitions * arms.length);
    try {
      for (let nth = 1; nth <= repetitions && !this.#stopped; nth += 1) await this.#repeat(nth, display);
    } finally {
      display.close();
    }
    const figures = figuresOf(this.#plan, null, this.#repetitions, this.#unseen);
    const engine = this.#to.scheme === "https" ? "undici" : "raw";
    return { plan: this.#plan, engine, url: this.#url, ...figures, held: null, faults: this.#faults };
  }

  async #repeat(nth: number, display: ProgressDisplay): Promise<void> {
    const repetition: Repetition = {};
    for (const requestsEach of armsInTurn(this.#plan.arms, nth)) {
      const id = armId(requestsEach);
      const name = `${id} #${nth}`;
      const beganMs = performance.now();
      display.begin(name);
      if (this.#stopped) return;
      this.#ending = new AbortController();
      const run = await runLoad(livePlan(this.#plan, this.#to, requestsEach), {
        signal: this.#ending.signal,
      });
      const read = liveTurn(run);
      display.end(name, "fault" in read ? "failed" : "completed", (performance.now() - beganMs) / 1000);
      if ("fault" in read) {
        this.#faults.push(`repetition ${nth}, ${id}: ${read.fault}`);
        return;
      }
      repetition[id] = read.turn;
      this.#unseen[id] = read.unseen;
    }
    this.#repetitions.push(repetition);
  }
}
