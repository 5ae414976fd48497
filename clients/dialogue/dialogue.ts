import { monotonicUs } from "../load/clock.ts";
import { Acts, type Together } from "./acts.ts";
import { Connection } from "./connection.ts";
import type { Plan } from "./options.ts";
import type { Step } from "./step.ts";
import type { End, Fields, Result } from "./told.ts";

/** How long the end of a connection waits for what is still to be sent. */
const CLOSE_MS = 1000;

/** One connection that plays its script. */
export class Dialogue {
  readonly #number: number;
  readonly #plan: Plan;
  readonly #together: Together;
  readonly #tell: (line: Fields) => void;
  readonly #begunUs = monotonicUs();
  readonly #connection: Connection;
  readonly #acts: Acts;
  #nth = 0;

  /** Begins to connect. */
  constructor(number: number, plan: Plan, together: Together, tell: (line: Fields) => void) {
    this.#number = number;
    this.#plan = plan;
    this.#together = together;
    this.#tell = tell;
    this.#connection = new Connection(plan.target, plan.tls, {
      onEnded: (end) => this.#ended(end),
      onNotified: () => this.#notified(),
    });
    this.#acts = new Acts(this.#connection, { number, of: plan.connections }, together);
  }

  /** Plays the script, closes, and reports the connection. */
  async play(): Promise<void> {
    let failed: { step: Step["step"]; nth: number; outcome: string } | null = null;
    for (const step of this.#plan.script) {
      const { outcome } = await this.#step(step);
      if (isGood(step, outcome) || (step.isTried && outcome !== "ECANCELED")) continue;
      failed = { step: step.step, nth: this.#nth, outcome };
      break;
    }
    await this.#close();
    this.#together.gathering.over(this.#nth);
    const { ended, sentBytes, receivedBytes, line, broken, closeNotify } = this.#connection;
    this.#tell({
      kind: "connection",
      monotonicUs: this.#begunUs,
      connection: this.#number,
      localPort: line.localPort,
      outcome: failed?.outcome ?? "ok",
      step: failed?.step ?? null,
      nth: failed?.nth ?? null,
      ms: msSince(this.#begunUs),
      sentBytes,
      receivedBytes,
      ended: ended?.how ?? null,
      endedMs: ended === null ? null : (ended.atUs - this.#begunUs) / 1000,
      idleMs: ended === null ? null : ended.idleUs / 1000,
      reset: this.#connection.isConnected && (broken === "ECONNRESET" || broken === "EPIPE"),
      closeNotify,
    });
  }

  /** A signal ends the program. */
  cancel(): void {
    this.#connection.waiting.cancel();
  }

  async #step(step: Step): Promise<Result> {
    this.#nth += 1;
    const nth = this.#nth;
    const begunUs = monotonicUs();
    const { outcome, ...fields } = await this.#acts.play(step, nth);
    const ms = msSince(begunUs);
    if (this.#plan.report === "steps" || !isGood(step, outcome)) {
      this.#tell({
        kind: "step",
        monotonicUs: begunUs,
        connection: this.#number,
        nth,
        step: step.step,
        localPort: this.#connection.line.localPort,
        outcome,
        ms,
        ...fields,
      });
    }
    return { outcome };
  }

  /** Closes the connection if it is open. What cannot be sent within a time is dropped. */
  async #close(): Promise<void> {
    const { waiting, line } = this.#connection;
    const isClosed = (): true | null => (this.#connection.isClosed ? true : null);
    line.close();
    if ((await waiting.until(isClosed, CLOSE_MS)) !== true) line.drop();
  }

  #notified(): void {
    if (this.#plan.report === "ends") return;
    const { localPort } = this.#connection.line;
    this.#tell({ kind: "close-notify", monotonicUs: monotonicUs(), connection: this.#number, localPort });
  }

  #ended({ how, atUs, idleUs }: End): void {
    if (this.#plan.report === "ends") return;
    this.#tell({
      kind: "ended",
      monotonicUs: atUs,
      connection: this.#number,
      localPort: this.#connection.line.localPort,
      how,
      idleMs: idleUs / 1000,
    });
  }
}

/** `end` asks how the connection ends, so every end is an answer to it. */
function isGood({ step }: Step, outcome: string): boolean {
  return outcome === "ok" || (step === "end" && outcome !== "timeout" && outcome !== "ECANCELED");
}

function msSince(us: number): number {
  return (monotonicUs() - us) / 1000;
}
