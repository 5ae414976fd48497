import type { Laboratory } from "../../lab/laboratory.ts";
import type { Comparison, ComparisonPlan } from "../../model/comparison.ts";
import { Others } from "../others.ts";
import { inParallel } from "../in-parallel.ts";
import { UNWATCHED, type RunWatch } from "../watch.ts";
import { comparisonOf, faultOf } from "./comparison.ts";
import { piecesOf, runPiece, type Piece, type Ran } from "./piece.ts";

/** How many times a failed repetition is run again. */
const MOST_AGAIN = 2;
/** After this time no repetition is run again, so that the whole run ends. */
const AGAIN_UNTIL_MS = 180_000;

/** Where a comparison in the lab is recorded, and who watches it. */
export interface LabRunOptions {
  /** The folder for recordings. */
  folder: string;
  watch?: RunWatch;
  /** When it is aborted, the running trial ends; what was measured is kept. */
  signal?: AbortSignal;
}

/** A comparison in the lab: first all repetitions, one after another, then the idle connections. */
export class LabRun {
  readonly #lab: Laboratory;
  readonly #plan: ComparisonPlan;
  readonly #options: LabRunOptions;
  readonly #watch: RunWatch;
  readonly #ran: Ran[] = [];
  readonly #others = new Others();
  #again = 0;
  readonly #beganMs = performance.now();

  constructor(lab: Laboratory, plan: ComparisonPlan, options: LabRunOptions) {
    this.#lab = lab;
    this.#plan = plan;
    this.#options = options;
    this.#watch = options.watch ?? UNWATCHED;
  }

  async all(): Promise<Comparison> {
    const { signal } = this.#options;
    const { holds, repetitions } = piecesOf(this.#plan);
    this.#watch.planned(holds.length + repetitions.length);
    const stop = (): void => void this.#lab.stop();
    signal?.addEventListener("abort", stop);
    try {
      await this.#run(repetitions, 1);
      await this.#takeFailedAgain();
      await this.#run(holds, holds.length);
      await this.#takeFailedAgain();
    } finally {
      signal?.removeEventListener("abort", stop);
    }
    return comparisonOf(this.#plan, this.#ran);
  }

  get #isInterrupted(): boolean {
    return this.#options.signal?.aborted === true;
  }

  async #run(pieces: Piece[], jobs: number): Promise<void> {
    const where = { lab: this.#lab, folder: this.#options.folder, watch: this.#watch };
    await inParallel(
      pieces,
      jobs,
      async (piece) => {
        const ran = await runPiece(piece, this.#plan, where);
        this.#ran.push(ran);
        if ("recording" in ran) this.#others.exclude(ran.recording);
      },
      () => this.#isInterrupted,
    );
  }

  /** How other programs affected the run, in one line; null when they did not. */
  get others(): string | null {
    // After Ctrl+C, what is missing was interrupted, and did not lack time.
    const failed = this.#ran.filter((ran) => faultOf(this.#plan, ran) !== null).length;
    const inconclusive = this.#isInterrupted ? 0 : failed;
    return this.#others.words({ again: this.#again, inconclusive });
  }

  /** Runs what failed again, one after another, until it succeeds or has failed too often. */
  async #takeFailedAgain(): Promise<void> {
    for (let nth = 1; nth <= MOST_AGAIN; nth += 1) {
      for (const one of this.#ran.filter((ran) => faultOf(this.#plan, ran) !== null))
        await this.#takeAgain(one);
    }
  }

  /** Runs a failed repetition again, under a new number: other programs on the machine can be the cause. */
  async #takeAgain(spoiled: Ran): Promise<void> {
    if (this.#isInterrupted || performance.now() - this.#beganMs > AGAIN_UNTIL_MS) return;
    const { piece } = spoiled;
    this.#watch.say(`${nameOf(piece)} is run again: ${faultOf(this.#plan, spoiled)}.`);
    this.#ran.splice(this.#ran.indexOf(spoiled), 1);
    this.#again += 1;
    this.#watch.planned(1);
    await this.#run([{ ...piece, repetition: piece.repetition + this.#plan.repetitions }], 1);
  }
}

function nameOf({ rttMs, repetition }: Piece): string {
  return rttMs === null ? `idle connections, trial ${repetition}` : `repetition ${repetition} at ${rttMs} ms`;
}
