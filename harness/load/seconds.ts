import { foldHistograms, latencyMs, type LatencyMs } from "../measure/load.ts";
import type { LoadSecond, Outcomes } from "../model/load.ts";

/** What all threads did in one second. */
export interface SecondFigures {
  second: number;
  ok: number;
  errors: number;
  totalMs: Pick<LatencyMs, "p50" | "p99" | "max"> | null;
}

/** The sum of the lines of one second, one line per thread. */
export function secondFigures(second: number, lines: readonly LoadSecond[]): SecondFigures {
  const ok = lines.reduce((sum, { outcomes }) => sum + (outcomes["ok"] ?? 0), 0);
  const errors = lines.reduce((sum, { outcomes }) => sum + countOf(errorsOf(outcomes)), 0);
  const total = latencyMs(foldHistograms(lines.map((line) => line.total)));
  const totalMs = total === null ? null : { p50: total.p50, p99: total.p99, max: total.max };
  return { second, ok, errors, totalMs };
}

/** Attempts that failed, the most frequent first, without those with `ECANCELED`, which were under way when the load was ended. */
export function errorsOf(outcomes: Outcomes): Outcomes {
  return Object.fromEntries(
    Object.entries(outcomes)
      .filter(([outcome]) => outcome !== "ok" && !outcome.endsWith(" ECANCELED"))
      .toSorted(([, a], [, b]) => b - a),
  );
}

/** How many attempts there are in all. */
export function countOf(outcomes: Outcomes): number {
  return Object.values(outcomes).reduce((sum, count) => sum + count, 0);
}
