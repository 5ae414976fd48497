import type { Recording } from "../model/recording.ts";
import type { AttemptSample } from "../model/sample.ts";
import type { PhaseName, ProgramName } from "../model/names.ts";
import { samplesOf } from "./evidence.ts";

/** Selects attempts by client program and phase. An absent field selects all. */
export interface Attempts {
  program?: ProgramName;
  phase?: PhaseName;
}

/** A time that an attempt takes, in milliseconds from its own beginning. */
export type AttemptTime = "connectMs" | "firstByteMs" | "totalMs";

/** The selected attempts, in the order in which they were reported. */
export function attempts(recording: Recording, which: Attempts = {}): AttemptSample[] {
  return samplesOf(recording, "attempt").filter(
    (attempt) =>
      (which.program === undefined || attempt.program === which.program) &&
      (which.phase === undefined || attempt.phase === which.phase),
  );
}

/** How an attempt ended, as one key: `ok`, `never begun`, or phase and code: `connect EADDRNOTAVAIL`. */
export function outcomeOf({ outcome }: AttemptSample): string {
  return typeof outcome === "string" ? outcome : `${outcome.phase} ${outcome.code}`;
}

/** How many attempts had each outcome, the most frequent first. */
export function outcomeCounts(recording: Recording, which: Attempts = {}): Map<string, number> {
  const counts = new Map<string, number>();
  for (const key of attempts(recording, which).map(outcomeOf)) counts.set(key, (counts.get(key) ?? 0) + 1);
  return new Map([...counts].toSorted(([, a], [, b]) => b - a));
}

/** The status codes of a class, as `status 4xx`. */
const STATUS_CLASS = /^status [1-9]xx$/;

/**
 * How many attempts ended in one way, as `outcomeOf` names it. `status 4xx` counts every status from 400 to 499, and the `4xx` of older
 * recordings, which do not have the status itself.
 */
export function endedIn(recording: Recording, which: Attempts, outcome: string): number {
  const counts = outcomeCounts(recording, which);
  if (!STATUS_CLASS.test(outcome)) return counts.get(outcome) ?? 0;
  const beginning = outcome.slice(0, -"xx".length);
  return [...counts].reduce((sum, [one, count]) => sum + (one.startsWith(beginning) ? count : 0), 0);
}

/** A time of every attempt that reached that point, in milliseconds. Attempts on a connection that was already open have no connectMs. */
export function latencies(recording: Recording, which: Attempts, time: AttemptTime): number[] {
  return attempts(recording, which)
    .map((attempt) => attempt[time])
    .filter((ms) => ms !== null);
}

/** How many connections the attempts made: those on which at least one attempt got past connect(). */
export function connectionsMade(recording: Recording, which: Attempts = {}): number {
  const made = attempts(recording, which).filter(({ outcome }) =>
    typeof outcome === "string" ? outcome === "ok" : outcome.phase !== "connect",
  );
  return new Set(made.map(({ program, connection }) => `${program} ${connection}`)).size;
}

/** The programs that made attempts, in the order of their first one. */
export function programsWithAttempts(recording: Recording): ProgramName[] {
  return [...new Set(attempts(recording).map((attempt) => attempt.program))];
}

/** How many attempts did not succeed; null without attempts. */
export function attemptsFailed(recording: Recording, which: Attempts = {}): number | null {
  const all = attempts(recording, which);
  return all.length === 0 ? null : all.filter((attempt) => outcomeOf(attempt) !== "ok").length;
}

/** Counts the attempts from the first failed one on, by how they ended; null without attempts. */
export function sinceFirstFailure(recording: Recording): { ok: number; failed: number } | null {
  const all = attempts(recording).toSorted((a, b) => a.atUs - b.atUs);
  if (all.length === 0) return null;
  const first = all.findIndex((attempt) => outcomeOf(attempt) !== "ok");
  const later = first < 0 ? [] : all.slice(first);
  const ok = later.filter((attempt) => outcomeOf(attempt) === "ok").length;
  return { ok, failed: later.length - ok };
}
