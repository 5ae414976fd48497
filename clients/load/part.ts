import type { ClientPlan } from "../../harness/load/plan.ts";
import { AttemptReport } from "./attempt-report.ts";
import type { Driven, Listener } from "./driven.ts";
import { Output } from "./output.ts";
import { planOf } from "./share.ts";
import type { Share } from "./share.ts";

/** All that a load is. */
export interface Load {
  /** Of all threads together. */
  plan: ClientPlan;
  /** Whether connections carry many attempts. */
  keepOpen: boolean;
  /** Whether it sees neither first bytes nor who ends a connection. */
  blind: boolean;
  /** Makes what plays a thread's part, by its own plan, and gets it ready. */
  make: (plan: ClientPlan, share: Share, listener: Listener) => Driven | Promise<Driven>;
}

/** What is told, and at the end the rest of it. */
type Report = Listener & { end(): void };

/** A thread's part of a load, from its beginning to its last word. */
export class Part {
  readonly #engine: Driven;
  readonly #report: Report;
  readonly #output: Output;
  #broken = false;

  private constructor(engine: Driven, report: Report, output: Output) {
    this.#engine = engine;
    this.#report = report;
    this.#output = output;
  }

  /** Gets all ready that can be ready before the load begins. */
  static async prepare(load: Load, share: Share): Promise<Part> {
    const output = new Output(process.stdout, () => part.#break());
    const report = await reportOf(load, share, output);
    const part = new Part(await load.make(planOf(load.plan, share), share, report), report, output);
    return part;
  }

  /** Begins at a moment of CLOCK_MONOTONIC. Resolves when all is over and told, with what went wrong, in words; null: nothing. */
  async run(startUs: number): Promise<string | null> {
    const fault = await this.#engine.run(startUs).then(
      () => null,
      (error: unknown) => (error instanceof Error ? (error.stack ?? error.message) : String(error)),
    );
    this.#report.end();
    const written = await this.#output.end();
    if (fault !== null) return fault;
    if (written && !this.#broken) return null;
    return "standard output could not be written to its end; its reader is gone or stuck";
  }

  /** Ends it at the next turn; what was measured is told. */
  stop(): void {
    this.#engine.stop();
  }

  #break(): void {
    this.#broken = true;
    this.stop();
  }
}

async function reportOf({ plan, keepOpen, blind }: Load, share: Share, output: Output): Promise<Report> {
  if (plan.report === "attempts") return new AttemptReport(output, keepOpen);
  // Only who wants histograms waits for their package to be loaded.
  const { LoadReport } = await import("./load-report.ts");
  return new LoadReport(output, { ...plan, blind }, share);
}
