import type { Recording } from "../model/recording.ts";
import type { AttemptSample } from "../model/sample.ts";
import type { PhaseName, ProgramName } from "../model/names.ts";
import { samplesOf } from "./evidence.ts";

/** Which attempts are meant: of a client program, and of a phase. What is absent is not asked. */
export interface Attempts {
  program?: ProgramName;
  phase?: PhaseName;
}

/** A time that an attempt takes, in milliseconds from its own beginning. */
export type AttemptTime = "connectMs" | "firstByteMs" | "totalMs";

/** Every attempt that is meant, in the order they were reported. */
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

/** How often the attempts ended in which way, most frequent first. */
export function outcomeCounts(recording: Recording, which: Attempts = {}): Map<string, number> {
  const counts = new Map<string, number>();
  for (const key of attempts(recording, which).map(outcomeOf)) counts.set(key, (counts.get(key) ?? 0) + 1);
  return new Map([...counts].toSorted(([, a], [, b]) => b - a));
}

/** A time of every attempt that came so far, in milliseconds. Attempts that found their connection open have no connectMs. */
export function latencies(recording: Recording, which: Attempts, time: AttemptTime): number[] {
  return attempts(recording, which)
    .map((attempt) => attempt[time])
    .filter((ms) => ms !== null);
}

/** How many connections the attempts made: those that at least one attempt got further than connect() on. */
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

/** How many attempts did not succeed; null without any. */
export function attemptsFailed(recording: Recording, which: Attempts = {}): number | null {
  const all = attempts(recording, which);
  return all.length === 0 ? null : all.filter((attempt) => outcomeOf(attempt) !== "ok").length;
}

/** How the attempts ended that began with the first that did not succeed, or after it; null without any. */
export function sinceFirstFailure(recording: Recording): { ok: number; failed: number } | null {
  const all = attempts(recording).toSorted((a, b) => a.atUs - b.atUs);
  if (all.length === 0) return null;
  const first = all.findIndex((attempt) => outcomeOf(attempt) !== "ok");
  const later = first < 0 ? [] : all.slice(first);
  const ok = later.filter((attempt) => outcomeOf(attempt) === "ok").length;
  return { ok, failed: later.length - ok };
}
