/** How a connection ends: our FIN first; the server's FIN first, for which we wait; or our RST (SO_LINGER {1, 0}). */
export const CLOSES = ["client", "server", "reset"] as const;
export type Close = (typeof CLOSES)[number];

/** What is reported of a load: every attempt, or histograms of every second. */
export const REPORTS = ["attempts", "histograms"] as const;
export type ReportKind = (typeof REPORTS)[number];

/** What a load client does. Every figure has a bound in PLAN_FIGURES, so no plan can run for ever. */
export interface ClientPlan extends PlanFigures {
  /** An address in numbers, and a port. */
  to: { address: string; port: number };
  close: Close;
  report: ReportKind;
  /** Open loop: times count from when an attempt was due, even if it began later. */
  open: boolean;
  /** The load begins at SIGCONT. When it is prepared, the program prints `ready` and the port of `to`. */
  atSignal: boolean;
}

export interface PlanFigures {
  /** Infinity: as many as fit into `durationMs`. */
  attempts: number;
  /** For how long attempts are begun; those under way then are finished. Infinity: until all `attempts` are made. */
  durationMs: number;
  /** How long after the start of the load attempts are left out of the histograms. */
  warmUpMs: number;
  /** Attempts that become due in a second, evenly spaced; 0: an attempt begins as soon as one of the `concurrency` slots is free. */
  ratePerSecond: number;
  /** The most connections that are open at once. */
  concurrency: number;
  /** Threads that share attempts, connections and rate. */
  threads: number;
  /** How many responses a connection carries before the client closes it and opens another; Infinity: as many as it can. */
  requestsPerConnection: number;
  /** The bound on each wait: for the connection, for room to send, for the whole response, for the server's FIN. */
  timeoutMs: number;
  /** How long a connection stays open after its last response, before it is closed. */
  holdMs: number;
  /**
   * When the load begins, counted from the start of the process. So programs that were started together can take turns, however long
   * each took to start up. Every other time counts from the beginning of the load.
   */
  delayMs: number;
  /** The bound on the whole run. What has not finished by then is reported with the code `timeout`. */
  withinMs: number;
}

export interface FigureBounds {
  /** The option that sets it. */
  flag: string;
  least: number;
  most: number;
  /** The default; Infinity: without a limit. */
  otherwise: number;
  whole: boolean;
}

/** The bounds and the default of each figure. */
export const PLAN_FIGURES: Record<keyof PlanFigures, FigureBounds> = {
  attempts: { flag: "attempts", least: 1, most: 1_000_000, otherwise: Infinity, whole: true },
  durationMs: { flag: "duration-ms", least: 1, most: 3_600_000, otherwise: Infinity, whole: true },
  warmUpMs: { flag: "warm-up-ms", least: 0, most: 3_600_000, otherwise: 0, whole: true },
  ratePerSecond: { flag: "rate", least: 0, most: 100_000, otherwise: 0, whole: false },
  concurrency: { flag: "concurrency", least: 1, most: 10_000, otherwise: 1, whole: true },
  threads: { flag: "threads", least: 1, most: 64, otherwise: 1, whole: true },
  requestsPerConnection: {
    flag: "requests-per-connection",
    least: 1,
    most: 1_000_000,
    otherwise: Infinity,
    whole: true,
  },
  timeoutMs: { flag: "timeout-ms", least: 1, most: 600_000, otherwise: 5000, whole: true },
  holdMs: { flag: "hold-ms", least: 0, most: 3_600_000, otherwise: 0, whole: true },
  delayMs: { flag: "delay-ms", least: 0, most: 3_600_000, otherwise: 0, whole: true },
  withinMs: { flag: "within-ms", least: 1, most: 3_600_000, otherwise: 60_000, whole: true },
};

/**
 * One figure of a plan, from the text after its flag (undefined if absent). Throws a RangeError with one sentence for the user if the
 * text is no number, or is out of bounds.
 */
export function readFigure(figure: keyof PlanFigures, text: string | undefined): number {
  const { flag, least, most, otherwise, whole } = PLAN_FIGURES[figure];
  if (text === undefined) return otherwise;
  const range = `${whole ? "a whole number" : "a number"} from ${least} to ${most}`;
  const value = (whole ? /^\d{1,15}$/ : /^(?:\d{1,15}|\d{0,15}\.\d{1,9})$/).test(text)
    ? Number(text)
    : Number.NaN;
  if (value >= least && value <= most) return value;
  throw new RangeError(`--${flag} takes ${range}, not ${JSON.stringify(text)}`);
}

/** What is wrong with a plan whose figures are each within their bounds, in one sentence for the user; or null. */
export function contradiction(plan: ClientPlan): string | null {
  const timed = plan.durationMs !== Infinity;
  if (timed === (plan.attempts !== Infinity)) return "say either --attempts or --duration-ms, and not both";
  if (timed && plan.withinMs < plan.durationMs) return "--within-ms must not be less than --duration-ms";
  if (plan.threads > plan.concurrency) return "--threads must not be more than --concurrency";
  if (plan.open && plan.ratePerSecond === 0) return "--open needs --rate, which says when attempts are due";
  if (plan.warmUpMs > 0 && plan.report !== "histograms") {
    return "--warm-up-ms needs --report histograms: with --report attempts, every attempt has its own time";
  }
  if (plan.warmUpMs >= plan.durationMs) return "--warm-up-ms must be less than --duration-ms";
  return null;
}
