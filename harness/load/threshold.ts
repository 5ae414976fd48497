import { PERCENTILE_NAMES } from "../measure/load.ts";
import type { LoadFigures } from "./result.ts";
import { countOf } from "./seconds.ts";

/** A bound that a load must not cross: `total.p99 > 50ms` fails when p99 is more than that. */
export interface Threshold {
  /** As it was written. */
  text: string;
  figure: string;
  operator: Operator;
  /** Milliseconds for times, a share for percentages, else a plain number. */
  value: number;
  kind: Kind;
}

/** The result of a threshold. `unknown`: its figure could not be measured, and `because` says why. */
export interface Judged {
  threshold: string;
  outcome: "kept" | "crossed" | "unknown";
  /** In the unit of the threshold's value. */
  value: number | null;
  because: string | null;
}

const OPERATORS = [">=", "<=", ">", "<"] as const;
type Operator = (typeof OPERATORS)[number];

/** What a threshold compares: a time, a number, or a share of all attempts. */
type Kind = "time" | "count" | "share";

interface Figure {
  kind: "time" | "count" | "count or share";
  /** Returns milliseconds or a count. `path` is the figure's key in `notMeasured`. */
  read: (figures: LoadFigures) => number | null;
  path: string;
}

/** Every figure that a threshold can name. */
export const FIGURES: Readonly<Record<string, Figure>> = {
  ...Object.fromEntries(
    (["connect", "firstByte", "total"] as const).flatMap((phase) =>
      PERCENTILE_NAMES.map((p): [string, Figure] => [
        `${phase}.${p}`,
        {
          kind: "time",
          path: `latencyMs.${phase}`,
          read: ({ latencyMs }) => latencyMs[phase]?.[p] ?? null,
        },
      ]),
    ),
  ),
  ...Object.fromEntries(
    PERCENTILE_NAMES.map((p): [string, Figure] => [
      `pacing.${p}`,
      {
        kind: "time",
        path: "generator.pacingMs",
        read: ({ generator }) => generator.pacingMs?.[p] ?? null,
      },
    ]),
  ),
  errors: { kind: "count or share", path: "errors", read: (figures) => failures(figures) },
  requests: { kind: "count", path: "requests", read: ({ requests }) => requests },
  perSecond: { kind: "count", path: "perSecond", read: ({ perSecond }) => perSecond },
  socketsUsed: { kind: "count", path: "socketsUsed", read: ({ socketsUsed }) => socketsUsed },
  "timeWait.client": { kind: "count", path: "timeWait.client", read: ({ timeWait }) => timeWait.client },
  "timeWait.server": { kind: "count", path: "timeWait.server", read: ({ timeWait }) => timeWait.server },
};

const TIMES: Record<string, number> = { us: 0.001, ms: 1, s: 1000 };

/** A threshold that cannot be read. `word` is the unknown figure, if that is the error; else null. */
export class ThresholdError extends RangeError {
  override readonly name = "ThresholdError";
  readonly word: string | null;

  constructor(message: string, word: string | null = null) {
    super(message);
    this.word = word;
  }
}

/** Reads `FIGURE OPERATOR NUMBER[UNIT]`. Errors: ThresholdError with a sentence for the user. */
export function parseThreshold(text: string): Threshold {
  const match = /^\s*([\w.]+)\s*(>=|<=|>|<)\s*(\d*\.?\d+)\s*([a-z%]*)\s*$/.exec(text);
  const [, name = "", sign = "", digits = "", unit = ""] = match ?? [];
  const operator = OPERATORS.find((one) => one === sign);
  if (operator === undefined) {
    throw new ThresholdError(
      `--fail-if takes FIGURE, one of ${OPERATORS.join(" ")}, and a number, as in 'total.p99 > 50ms', not ${JSON.stringify(text)}.`,
    );
  }
  const figure = Object.hasOwn(FIGURES, name) ? FIGURES[name] : undefined;
  if (figure === undefined) throw new ThresholdError(`--fail-if knows no figure ${name}.`, name);
  return { text: text.trim(), figure: name, operator, ...measure(name, figure, Number(digits), unit) };
}

function measure(
  name: string,
  { kind }: Figure,
  value: number,
  unit: string,
): Pick<Threshold, "value" | "kind"> {
  if (kind === "time") {
    const factor = Object.hasOwn(TIMES, unit) ? TIMES[unit] : undefined;
    if (factor === undefined) {
      throw new ThresholdError(`${name} is a time: give it in us, ms or s, as in '${name} > 50ms'.`);
    }
    return { kind, value: value * factor };
  }
  if (unit === "%" && kind === "count or share") return { kind: "share", value: value / 100 };
  if (unit === "") return { kind: "count", value };
  const what = kind === "count" ? "a number" : "a number or a percentage of the attempts";
  throw new ThresholdError(`${name} is ${what}, without the unit "${unit}".`);
}

/**
 * Compares a load's figures with a threshold. If the figure is one of `untrusted` and crosses it, that is no finding: what makes it
 * doubtful can have made it cross.
 */
export function judgeThreshold(
  threshold: Threshold,
  figures: LoadFigures,
  untrusted: readonly string[] = [],
): Judged {
  const figure = FIGURES[threshold.figure];
  const count = figure?.read(figures) ?? null;
  const attempts = figures.requests + failures(figures);
  const value = threshold.kind === "share" && count !== null ? share(count, attempts) : count;
  if (value === null) {
    const why = figures.notMeasured[figure?.path ?? ""] ?? "nothing was attempted";
    return { threshold: threshold.text, outcome: "unknown", value: null, because: why };
  }
  const crossed = compare(value, threshold.operator, threshold.value);
  if (crossed && untrusted.includes(threshold.figure)) {
    return { threshold: threshold.text, outcome: "unknown", value, because: "the figure cannot be trusted" };
  }
  return { threshold: threshold.text, outcome: crossed ? "crossed" : "kept", value, because: null };
}

function share(count: number, of: number): number | null {
  return of === 0 ? null : count / of;
}

function compare(value: number, operator: Operator, bound: number): boolean {
  switch (operator) {
    case ">":
      return value > bound;
    case ">=":
      return value >= bound;
    case "<":
      return value < bound;
    case "<=":
      return value <= bound;
  }
}

function failures({ errors }: LoadFigures): number {
  return countOf(errors);
}
