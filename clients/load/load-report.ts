import { STALL_MS } from "../../harness/load/line.ts";
import type { LoadEndLine, LoadLine } from "../../harness/load/line.ts";
import type { Outcomes } from "../../harness/model/load.ts";
import type { ClientPlan } from "../../harness/load/plan.ts";
import type { AttemptFailure } from "../../harness/model/sample.ts";
import { monotonicUs } from "./clock.ts";
import type { Listener } from "./driven.ts";
import type { Output } from "./output.ts";
import type { AttemptTold, ConnectionTold } from "./row.ts";
import { cpuMs } from "./share.ts";
import type { Share } from "./share.ts";
import { Tally } from "./tally.ts";

const SECOND_US = 1_000_000;

/** Prints one line a second with the results of that second's attempts, and a last line with the totals of the load. */
export class LoadReport implements Listener {
  readonly #output: Pick<Output, "line" | "breathe">;
  readonly #plan: ReportPlan;
  readonly #share: Share;
  readonly #tally: Tally;
  readonly #whole: Sum = { outcomes: {}, connections: 0 };
  readonly #warmUp: Tally;
  /** When the warm-up ends. */
  #fromUs = 0;
  #loadEndUs = Infinity;
  #second = 1;
  #neverBegun = 0;
  #okInTime = 0;
  readonly #endedBy = { clientFin: 0, serverFin: 0, reset: 0 };
  #backedOffMs = 0;
  #longestLagMs = 0;
  readonly #stalls: Record<string, number> = {};
  /** How many attempts were under way at the last breath: a stall delays those, and can end after some of them. */
  #wereUnderWay = 0;
  /** Processor time at the end of the warm-up, and at the end of the load's time. */
  #cpuMs: number | null = null;
  #cpuEndMs: number | null = null;

  constructor(output: Pick<Output, "line" | "breathe">, plan: ReportPlan, share: Share) {
    this.#output = output;
    this.#plan = plan;
    this.#share = share;
    this.#tally = new Tally(plan.ratePerSecond > 0);
    // Both tallies have the same shape. Otherwise V8 would compile the code again when the second shape appears during the load.
    this.#warmUp = new Tally(plan.ratePerSecond > 0);
    this.#tally.rehearse();
  }

  begin(startUs: number): void {
    this.#fromUs = startUs + this.#plan.warmUpMs * 1000;
    this.#loadEndUs = startUs + this.#plan.durationMs * 1000;
  }

  attempt(attempt: AttemptTold, outcome: "ok" | AttemptFailure): void {
    this.#tallyOf(attempt.startedUs).attempt(attempt, outcome);
    // The rate counts what ended in the measured time, whenever it began. Otherwise the load would lose one response time of answers.
    const endedUs = attempt.startedUs + (attempt.totalUs ?? 0);
    if (outcome === "ok" && endedUs >= this.#fromUs && endedUs < this.#loadEndUs) this.#okInTime += 1;
  }

  late(dueUs: number, lateUs: number): void {
    this.#tallyOf(dueUs).late(lateUs);
  }

  neverBegun(_attempt: number, _connection: number, dueUs: number): void {
    this.#tallyOf(dueUs).neverBegun();
    if (dueUs >= this.#fromUs) this.#neverBegun += 1;
  }

  /** Counts which side ended a connection: the server if its FIN or RST had arrived when the client closed. */
  connection({ established, peerEnded, peerReset, leftUnread }: ConnectionTold): void {
    if (!established) return;
    const ownReset = leftUnread || this.#plan.close === "reset";
    if (peerReset || (!peerEnded && ownReset)) this.#endedBy.reset += 1;
    else if (peerEnded) this.#endedBy.serverFin += 1;
    else this.#endedBy.clientFin += 1;
  }

  over(backedOffMs: number): void {
    this.#backedOffMs = backedOffMs;
  }

  breathe(nowUs: number, lagUs: number, underWay: number): void {
    if (nowUs < this.#fromUs) return;
    if (this.#cpuMs === null) this.#cpuMs = cpuMs(this.#share);
    else this.#lagged(lagUs / 1000, Math.max(underWay, this.#wereUnderWay));
    if (nowUs >= this.#loadEndUs) this.#cpuEndMs ??= cpuMs(this.#share);
    this.#wereUnderWay = underWay;
    while (nowUs >= this.#secondEndsUs) {
      this.#tellSecond(this.#secondEndsUs);
      this.#second += 1;
    }
    this.#output.breathe(nowUs);
  }

  /** Prints the rest of the last second, and the totals of the load. */
  end(): void {
    const nowUs = monotonicUs();
    const cpu = this.#cpuEndMs ?? cpuMs(this.#share);
    this.#tellSecond(nowUs);
    const { outcomes, connections } = this.#warmUp.take();
    const endedUs = Math.min(nowUs, this.#loadEndUs);
    const line: LoadEndLine = {
      kind: "load-end",
      monotonicUs: endedUs,
      thread: this.#share.thread,
      seconds: Math.max(endedUs - this.#fromUs, 0) / SECOND_US,
      ...this.#whole,
      okInTime: this.#okInTime,
      warmUp: { outcomes, connections },
      neverBegun: this.#neverBegun,
      endedBy: this.#plan.blind === true ? null : this.#endedBy,
      backedOffMs: this.#backedOffMs,
      cpuMs: cpu - (this.#cpuMs ?? cpu),
      longestLagMs: this.#longestLagMs,
      stalls: this.#stalls,
    };
    this.#output.line(line);
  }

  #lagged(ms: number, underWay: number): void {
    this.#longestLagMs = Math.max(this.#longestLagMs, ms);
    this.#stalled(ms, underWay);
    // With a rate, attempts become due in the stall, too. Half of them wait for at least half of it.
    const due = (this.#plan.ratePerSecond / this.#share.threads) * (ms / 1000);
    this.#stalled(ms / 2, Math.floor(due / 2));
  }

  #stalled(ms: number, attempts: number): void {
    if (ms < STALL_MS || attempts === 0) return;
    const whole = Math.floor(ms);
    this.#stalls[whole] = (this.#stalls[whole] ?? 0) + attempts;
  }

  get #secondEndsUs(): number {
    return this.#fromUs + this.#second * SECOND_US;
  }

  /** The tally for an attempt that began, or was due, at this time. */
  #tallyOf(startedUs: number): Tally {
    return startedUs < this.#fromUs ? this.#warmUp : this.#tally;
  }

  #tellSecond(atUs: number): void {
    const taken = this.#tally.take();
    const firstByte = this.#plan.blind === true ? null : taken.firstByte;
    const { thread } = this.#share;
    const line: LoadLine = {
      kind: "load",
      monotonicUs: atUs,
      thread,
      second: this.#second,
      ...taken,
      firstByte,
    };
    this.#output.line(line);
    this.#whole.connections += taken.connections;
    for (const [outcome, count] of Object.entries(taken.outcomes)) {
      this.#whole.outcomes[outcome] = (this.#whole.outcomes[outcome] ?? 0) + count;
    }
  }
}

/** The part of a plan that this report needs. */
interface ReportPlan extends Pick<ClientPlan, "warmUpMs" | "durationMs" | "close" | "ratePerSecond"> {
  /** Whether the engine can see neither first bytes nor which side ends a connection. */
  blind?: boolean;
}

interface Sum {
  outcomes: Outcomes;
  connections: number;
}
