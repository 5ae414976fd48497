import { runLoad } from "../../load/live/run.ts";
import { armId, armsInTurn } from "../../compare/arm.ts";
import { clientBoundSentences } from "../../compare/client-bound.ts";
import type { Repetition } from "../../compare/figures.ts";
import { figuresOf } from "../../compare/gather.ts";
import { livePlan, liveTurn } from "../../compare/live.ts";
import { fewAnswersSentences } from "../../compare/few-answers.ts";
import { notKeptSentences } from "../../compare/closed-after.ts";
import { missingSentences, type Missing } from "../../compare/missing.ts";
import { portsBoundSentences } from "../../compare/ports-bound.ts";
import type { Endpoint } from "../../load/load-plan.ts";
import type { Comparison, ComparisonPlan } from "../../model/comparison.ts";
import type { RunWatch } from "../watch.ts";

/** A comparison against a server that already runs: one arm after another, in a different order in each repetition. */
export class LiveRun {
  readonly #plan: ComparisonPlan;
  readonly #to: Endpoint;
  readonly #url: string;
  readonly #watch: RunWatch;
  /** When it is aborted, the running load ends; what was measured is kept. */
  readonly #signal: AbortSignal;
  readonly #repetitions: Repetition[] = [];
  readonly #missing: Missing[] = [];
  readonly #unseen: Record<string, Record<string, string>> = {};

  constructor(
    plan: ComparisonPlan,
    { to, url }: { to: Endpoint; url: string },
    { watch, signal }: { watch: RunWatch; signal: AbortSignal },
  ) {
    this.#plan = plan;
    this.#to = to;
    this.#url = url;
    this.#watch = watch;
    this.#signal = signal;
  }

  async all(): Promise<Comparison> {
    const { repetitions, arms } = this.#plan;
    this.#watch.planned(repetitions * arms.length);
    for (let nth = 1; nth <= repetitions && !this.#signal.aborted; nth += 1) await this.#repeat(nth);
    const figures = figuresOf(this.#plan, null, this.#repetitions, this.#unseen);
    const engine = this.#to.scheme === "https" ? "undici" : "raw";
    const faults = [
      ...missingSentences(this.#plan, this.#missing, () => this.#repetitions.length),
      ...fewAnswersSentences(figures.arms, this.#plan),
      ...notKeptSentences(figures.arms),
      ...portsBoundSentences(figures.arms),
      ...clientBoundSentences(figures.arms),
    ];
    return { plan: this.#plan, engine, url: this.#url, ...figures, held: null, faults };
  }

  async #repeat(nth: number): Promise<void> {
    const repetition: Repetition = {};
    for (const requestsEach of armsInTurn(this.#plan.arms, nth)) {
      const id = armId(requestsEach);
      const name = `${id} #${nth}`;
      const beganMs = performance.now();
      this.#watch.begin(name);
      if (this.#signal.aborted) return;
      const run = await runLoad(livePlan(this.#plan, this.#to, requestsEach), { signal: this.#signal });
      const read = liveTurn(run);
      this.#watch.end(name, "fault" in read ? "failed" : "completed", (performance.now() - beganMs) / 1000);
      if ("fault" in read) {
        this.#missing.push({ rttMs: null, because: read.fault });
        return;
      }
      repetition[id] = read.turn;
      this.#unseen[id] = read.unseen;
    }
    this.#repetitions.push(repetition);
  }
}
