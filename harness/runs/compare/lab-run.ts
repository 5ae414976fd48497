import { gather, readRepetition } from "../../compare/gather.ts";
import { HOLDS } from "../../compare/hold-setup.ts";
import { heldOf } from "../../compare/hold.ts";
import { missingHolds, missingSentences, NOT_HELD } from "../../compare/missing.ts";
import { portsBoundSentences } from "../../compare/ports-bound.ts";
import type { Laboratory } from "../../lab/laboratory.ts";
import type { Comparison, ComparisonPlan } from "../../model/comparison.ts";
import { Others } from "../others.ts";
import { inParallel } from "../in-parallel.ts";
import { UNWATCHED, type RunWatch } from "../watch.ts";
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

function comparisonOf(plan: ComparisonPlan, ran: readonly Ran[]): Comparison {
  const trials = ran.flatMap((one) =>
    "recording" in one && one.piece.rttMs !== null
      ? [{ rttMs: one.piece.rttMs, repetition: one.piece.repetition, recording: one.recording }]
      : [],
  );
  const idle = ran.flatMap((one) => ("recording" in one && one.piece.rttMs === null ? [one.recording] : []));
  const failed = ran.flatMap((one) =>
    "fault" in one ? [{ rttMs: one.piece.rttMs, because: one.fault }] : [],
  );
  const { arms, contrasts, missing } = gather(plan, trials);
  const held = heldOf(idle);
  const measured = (rttMs: number | null): number =>
    arms.find((arm) => arm.rttMs === rttMs)?.repetitions ?? 0;
  const unheld = ran.flatMap((one) => (one.piece.rttMs === null ? (faultOf(plan, one) ?? []) : []));
  return {
    plan,
    engine: plan.tls ? "undici" : "raw",
    url: null,
    arms,
    contrasts,
    held,
    faults: [
      ...missingSentences(plan, [...failed, ...missing], measured),
      ...missingHolds(HOLDS - (held?.repetitions ?? 0), unheld),
      ...portsBoundSentences(arms),
    ],
  };
}

function faultOf(plan: ComparisonPlan, ran: Ran): string | null {
  if ("fault" in ran) return ran.fault;
  const { rttMs, repetition } = ran.piece;
  if (rttMs === null) return heldOf([ran.recording]) === null ? NOT_HELD : null;
  const read = readRepetition(plan, { rttMs, repetition, recording: ran.recording });
  return "fault" in read ? read.fault : null;
}

function nameOf({ rttMs, repetition }: Piece): string {
  return rttMs === null ? `idle connections, trial ${repetition}` : `repetition ${repetition} at ${rttMs} ms`;
}
