import type { ClientPlan } from "../../harness/load/plan.ts";
import { AttemptReport } from "./attempt-report.ts";
import type { Driven, Listener } from "./driven.ts";
import { Output } from "./output.ts";
import { planOf } from "./share.ts";
import type { Share } from "./share.ts";

/** A whole load. */
export interface Load {
  /** The plan of all threads together. */
  plan: ClientPlan;
  /** Whether connections carry many attempts. */
  keepOpen: boolean;
  /** Whether the engine can see neither first bytes nor which side ends a connection. */
  blind: boolean;
  /** Makes the engine of one thread, with the plan of that thread, and prepares it. */
  make: (plan: ClientPlan, share: Share, listener: Listener) => Driven | Promise<Driven>;
}

/** A listener that prints its last lines when `end` is called. */
type Report = Listener & { end(): void };

/** A thread's part of a load, from its preparation to its last line of output. */
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

  /** Prepares everything that can be prepared before the load begins. */
  static async prepare(load: Load, share: Share): Promise<Part> {
    const output = new Output(process.stdout, () => part.#break());
    const report = await reportOf(load, share, output);
    const part = new Part(await load.make(planOf(load.plan, share), share, report), report, output);
    return part;
  }

  /** Begins at `startUs` on CLOCK_MONOTONIC. Resolves when the load is over and reported, with the fault in words; null: no fault. */
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

  /** Ends the load at the next turn; the results so far are reported. */
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
  // Loading the histogram package takes time, so it is loaded only when it is needed.
  const { LoadReport } = await import("./load-report.ts");
  return new LoadReport(output, { ...plan, blind }, share);
}
