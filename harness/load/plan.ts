/** Who ends a connection: we first, by FIN; the server, by a FIN that we wait for; or we, by RST (SO_LINGER {1, 0}). */
export const CLOSES = ["client", "server", "reset"] as const;
export type Close = (typeof CLOSES)[number];

/** What a load client is to do. Every figure has a bound in PLAN_FIGURES, so that no plan can run away. */
export interface ClientPlan extends PlanFigures {
  /** An address in numbers, and a port. */
  to: { address: string; port: number };
  close: Close;
}

export interface PlanFigures {
  attempts: number;
  /** Attempts that become due in a second, evenly spaced; 0: each as soon as one of the `concurrency` slots is free. */
  ratePerSecond: number;
  /** The most connections that are open at once. */
  concurrency: number;
  /** The bound on each wait: for the connection, for room to send, for the whole response, for the server's FIN. */
  timeoutMs: number;
  /** How long a connection stays open after its last response, before it is closed. */
  holdMs: number;
  /** The bound on the whole run. What has not finished by then is reported with the code `timeout`. */
  withinMs: number;
}

export interface FigureBounds {
  /** The option that sets it. */
  flag: string;
  least: number;
  most: number;
  /** What it is when nobody says; null: it must be said. */
  otherwise: number | null;
  whole: boolean;
}

/** The bounds and the ordinary value of each figure. */
export const PLAN_FIGURES: Record<keyof PlanFigures, FigureBounds> = {
  attempts: { flag: "attempts", least: 1, most: 1_000_000, otherwise: null, whole: true },
  ratePerSecond: { flag: "rate", least: 0, most: 100_000, otherwise: 0, whole: false },
  concurrency: { flag: "concurrency", least: 1, most: 10_000, otherwise: 1, whole: true },
  timeoutMs: { flag: "timeout-ms", least: 1, most: 600_000, otherwise: 5000, whole: true },
  holdMs: { flag: "hold-ms", least: 0, most: 3_600_000, otherwise: 0, whole: true },
  withinMs: { flag: "within-ms", least: 1, most: 3_600_000, otherwise: 60_000, whole: true },
};

/**
 * One figure of a plan, from the text after its flag (absent: undefined). A text that is no number, or one out of
 * bounds, is a RangeError with one sentence for the user.
 */
export function readFigure(figure: keyof PlanFigures, text: string | undefined): number {
  const { flag, least, most, otherwise, whole } = PLAN_FIGURES[figure];
  const range = `${whole ? "a whole number" : "a number"} from ${least} to ${most}`;
  if (text === undefined) {
    if (otherwise === null) throw new RangeError(`--${flag} is missing: it takes ${range}`);
    return otherwise;
  }
  const value = (whole ? /^\d{1,15}$/ : /^\d{1,15}(?:\.\d{1,9})?$/).test(text) ? Number(text) : Number.NaN;
  if (value >= least && value <= most) return value;
  throw new RangeError(`--${flag} takes ${range}, not ${JSON.stringify(text)}`);
}
