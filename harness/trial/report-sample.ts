import {
  FAILURE_PHASES,
  type AttemptOutcome,
  type AttemptSample,
  type LoadEndSample,
  type LoadSample,
  type ReportSample,
} from "../model/sample.ts";
import type { ProgramName } from "../model/names.ts";
import type { TrialClock } from "./clock.ts";
import { readLoad, readLoadEnd } from "./load-sample.ts";

/** What to print instead of a time that cannot be read. */
const CLOCK =
  "monotonicUs is a time on CLOCK_MONOTONIC in microseconds (Node: Number(process.hrtime.bigint() / 1000n)), and a line of a log has no kind";

/**
 * Makes a sample of a line of JSON that a program printed. The kinds `attempt`, `load` and `load-end` have samples of their own; any
 * other flat object becomes a report. Returns a sentence instead when the line is invalid.
 */
export function reportSample(
  program: ProgramName,
  said: Record<string, unknown>,
  clock: TrialClock,
): AttemptSample | LoadSample | LoadEndSample | ReportSample | string {
  const { kind, monotonicUs, ...rest } = said;
  if (typeof kind !== "string") return `a line without a kind: ${short(said)}`;
  if (typeof monotonicUs !== "number" || !Number.isSafeInteger(Math.round(monotonicUs))) {
    const what =
      typeof monotonicUs === "number" ? "whose monotonicUs is not a valid time" : "without monotonicUs";
    return `${named(kind)} line ${what}: ${short(said)}; ${CLOCK}`;
  }
  const moment = clock.momentOf(monotonicUs);
  if (kind === "attempt") {
    const attempt = readAttempt(rest);
    return typeof attempt === "string"
      ? `an attempt line whose ${attempt}: ${short(said)}`
      : { ...moment, kind, program, ...attempt };
  }
  if (kind === "load") {
    const load = readLoad(rest);
    return load === null
      ? `a load line with a missing or invalid field: ${short(said)}`
      : { ...moment, kind, program, ...load };
  }
  if (kind === "load-end") {
    const end = readLoadEnd(rest);
    return end === null
      ? `a load-end line with a missing or invalid field: ${short(said)}`
      : { ...moment, kind, program, ...end };
  }
  const report: ReportSample["report"] = { kind };
  for (const [name, value] of Object.entries(rest)) {
    if (!isPrimitive(value))
      return `${named(kind)} line whose ${name} is not a string, a finite number, true, false or null: ${short(said)}`;
    report[name] = value;
  }
  return { ...moment, kind: "report", program, report };
}

type AttemptFields = Omit<AttemptSample, "kind" | "program" | "atUs" | "phase">;

/** The fields of an attempt, or what is wrong with them. */
function readAttempt(said: Record<string, unknown>): AttemptFields | string {
  const { attempt, connection, localPort, connectMs, firstByteMs, totalMs, outcome } = said;
  if (!isFigure(attempt)) return "attempt is not a finite number";
  if (!isFigure(connection)) return "connection is not a finite number";
  const figures = [localPort, connectMs, firstByteMs, totalMs];
  if (!figures.every((figure) => figure === null || isFigure(figure))) {
    const wrong = figures.findIndex((figure) => figure !== null && !isFigure(figure));
    return `${["localPort", "connectMs", "firstByteMs", "totalMs"][wrong] ?? ""} is neither a finite number nor null`;
  }
  const ended = readOutcome(outcome);
  if (ended === null)
    return `outcome is not "ok", "never begun" or { phase, code, call } with a phase of ${FAILURE_PHASES.join(", ")}`;
  const [port, connect, firstByte, total] = figures;
  return {
    attempt,
    connection,
    localPort: port ?? null,
    connectMs: connect ?? null,
    firstByteMs: firstByte ?? null,
    totalMs: total ?? null,
    outcome: ended,
  };
}

function readOutcome(outcome: unknown): AttemptOutcome | null {
  if (outcome === "ok" || outcome === "never begun") return outcome;
  if (typeof outcome !== "object" || outcome === null) return null;
  const { phase: printed, code, call } = outcome as Record<string, unknown>;
  const phase = FAILURE_PHASES.find((one) => one === printed);
  if (phase === undefined) return null;
  if (typeof code !== "string" || code === "" || typeof call !== "string") return null;
  return { phase, code, call };
}

/** Only finite numbers: JSON text can hold 1e999. It is read as Infinity, and would be written as null. */
function isFigure(value: unknown): value is number {
  return typeof value === "number" && Number.isFinite(value);
}

function isPrimitive(value: unknown): value is string | number | boolean | null {
  return value === null || isFigure(value) || ["string", "boolean"].includes(typeof value);
}

/** `an attempt`, `a note`. */
function named(kind: string): string {
  return /^[aeiou]/i.test(kind) ? `an ${kind}` : `a ${kind}`;
}

function short(said: Record<string, unknown>): string {
  return JSON.stringify(said).slice(0, 200);
}
