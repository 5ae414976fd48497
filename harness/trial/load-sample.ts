import type { LoadEnd, LoadSecond, Outcomes } from "../model/load.ts";

/** Reads a program's `load` line, without its kind and time; null when a field is missing or invalid. Counts are whole numbers from 0. */
export function readLoad(said: Record<string, unknown>): LoadSecond | null {
  const { thread, second, outcomes, connections, connect, firstByte, total, pacing } = said;
  if (!isCount(thread) || !isCount(second) || !isCount(connections) || !isOutcomes(outcomes)) return null;
  if (!isHistogram(connect) || !isHistogram(firstByte) || !isHistogram(pacing)) return null;
  if (!isHistogram(total) || total === null) return null;
  return { thread, second, outcomes, connections, connect, firstByte, total, pacing };
}

/** Reads a program's `load-end` line, without its kind and time; null when a field is missing or invalid. */
export function readLoadEnd(said: Record<string, unknown>): LoadEnd | null {
  const { thread, seconds, outcomes, okInTime, connections, neverBegun, backedOffMs } = said;
  const { cpuMs, longestLagMs } = said;
  if (!isCount(thread) || !isCount(okInTime) || !isCount(connections) || !isCount(neverBegun)) return null;
  if (!isTime(seconds) || !isTime(backedOffMs) || !isTime(cpuMs) || !isTime(longestLagMs)) return null;
  const warmUp = readWarmUp(said["warmUp"]);
  const endedBy = readEndedBy(said["endedBy"]);
  if (!isOutcomes(outcomes) || warmUp === null || endedBy === undefined) return null;
  return {
    thread,
    seconds,
    outcomes,
    okInTime,
    connections,
    warmUp,
    neverBegun,
    endedBy,
    backedOffMs,
    cpuMs,
    longestLagMs,
  };
}

function readWarmUp(value: unknown): LoadEnd["warmUp"] | null {
  if (!isObject(value)) return null;
  const { outcomes, connections } = value;
  return isOutcomes(outcomes) && isCount(connections) ? { outcomes, connections } : null;
}

/** Reads null or three counts; undefined when the value is neither. */
function readEndedBy(value: unknown): LoadEnd["endedBy"] | undefined {
  if (value === null) return null;
  if (!isObject(value)) return undefined;
  const { clientFin, serverFin, reset } = value;
  if (!isCount(clientFin) || !isCount(serverFin) || !isCount(reset)) return undefined;
  return { clientFin, serverFin, reset };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The names of outcomes begin with a letter. */
function isOutcomes(value: unknown): value is Outcomes {
  return (
    isObject(value) &&
    Object.entries(value).every(([outcome, count]) => /^[a-z][\w .-]*$/i.test(outcome) && isCount(count))
  );
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function isTime(value: unknown): value is number {
  return typeof value === "number" && Number.isFinite(value) && value >= 0;
}

function isHistogram(value: unknown): value is string | null {
  return value === null || (typeof value === "string" && value !== "");
}
