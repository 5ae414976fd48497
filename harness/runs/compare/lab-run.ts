import { gather, readRepetition } from "../../compare/gather.ts";
import { heldOf } from "../../compare/hold.ts";
import type { Laboratory } from "../../lab/laboratory.ts";
import type { Comparison, ComparisonPlan } from "../../model/comparison.ts";
import { Others } from "../others.ts";
import { inParallel } from "../in-parallel.ts";
import { UNWATCHED, type RunWatch } from "../watch.ts";
import { piecesOf, runPiece, type Piece, type Ran } from "./piece.ts";

/** How often a spoiled repetition is taken again. */
const MOST_AGAIN = 2;
/** None is taken again when it has taken so long by then: an end must be in sight. */
const AGAIN_UNTIL_MS = 180_000;

/** Where a comparison in the lab goes, and who watches it. */
export interface LabRunOptions {
  /** Where recordings go. */
  folder: string;
  watch?: RunWatch;
  /** Aborted, it ends the trial that runs; what was measured is kept. */
  signal?: AbortSignal;
}

/** A comparison in the lab: repetition after repetition, and then idle connections. */
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
      for (let nth = 1; nth <= MOST_AGAIN; nth += 1) {
        for (const one of this.#ran.filter((ran) => faultOf(this.#plan, ran) !== null))
          await this.#takeAgain(one);
      }
      await this.#run(holds, holds.length);
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

  /** What others did to it, in one line; null where there is nothing to say. */
  get others(): string | null {
    const inconclusive = this.#ran.filter((ran) => faultOf(this.#plan, ran) !== null).length;
    return this.#others.words({ again: this.#again, inconclusive });
  }

  /** Takes a repetition again: what others did on the machine has spoiled it. */
  async #takeAgain(spoiled: Ran): Promise<void> {
    if (this.#isInterrupted || performance.now() - this.#beganMs > AGAIN_UNTIL_MS) return;
    const { piece } = spoiled;
    this.#watch.say(`${nameOf(piece)} is taken again: ${faultOf(this.#plan, spoiled)}.`);
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
  const failed = ran.flatMap((one) => ("fault" in one ? [`${nameOf(one.piece)}: ${one.fault}`] : []));
  const { arms, contrasts, faults } = gather(plan, trials);
  const held = heldOf(idle);
  const unheld =
    idle.length > 0 && held === null ? ["idle connections: no trial was seen to hold all of them"] : [];
  return {
    plan,
    engine: plan.tls ? "undici" : "raw",
    url: null,
    arms,
    contrasts,
    held,
    faults: [...failed, ...faults, ...unheld],
  };
}

function faultOf(plan: ComparisonPlan, ran: Ran): string | null {
  if ("fault" in ran) return ran.fault;
  const { rttMs, repetition } = ran.piece;
  if (rttMs === null) return null;
  const read = readRepetition(plan, { rttMs, repetition, recording: ran.recording });
  return "fault" in read ? read.fault : null;
}

function nameOf({ rttMs, repetition }: Piece): string {
  return rttMs === null ? `idle connections, trial ${repetition}` : `repetition ${repetition} at ${rttMs} ms`;
}
