import type { StateSeen } from "../../measure/socket-states.ts";
import type { Call } from "./call.ts";
import type { Step } from "./step.ts";

/** One line of the ladder, or two: what stands left of it, on it, and right of it. */
export interface Row {
  /** null stands under the line before. */
  atUs: number | null;
  step: Step | null;
  /** What was done to the world, across the ladder. */
  event: string | null;
  calls: [string | null, string | null];
  states: [string | null, string | null];
}

/**
 * All that is drawn, in the order of time. A state stands beside the last segment that its end had to do with before the look
 * that saw it, when the look before was earlier than that segment; else it has a line of its own.
 */
export function rowsOf(
  steps: Step[],
  calls: Call[],
  events: { atUs: number; text: string }[],
  states: [StateSeen[], StateSeen[]],
): Row[] {
  const rows: Row[] = [
    ...steps.map((step) => ({ ...EMPTY(), atUs: step.atUs, step })),
    ...events.map(({ atUs, text }) => ({ ...EMPTY(), atUs, event: text })),
    ...calls.map(({ atUs, end, text }) => ({ ...EMPTY(), atUs, calls: at(end, text) })),
  ].toSorted((a, b) => a.atUs - b.atUs);
  for (const end of [0, 1] as const) for (const seen of states[end]) place(rows, seen, end);
  return rows;
}

function place(rows: Row[], seen: StateSeen, end: 0 | 1): void {
  const beside = rows.findLast(({ step }) => {
    const touchedUs = step?.touchesUs[end] ?? null;
    return touchedUs !== null && touchedUs <= seen.atUs;
  });
  const touchedUs = beside?.step?.touchesUs[end] ?? null;
  const isNews = touchedUs !== null && touchedUs > (seen.afterUs ?? -Infinity);
  if (beside !== undefined && isNews && beside.states[end] === null) {
    beside.states[end] = seen.state;
    return;
  }
  const next = rows.findIndex(({ atUs }) => atUs !== null && atUs > seen.atUs);
  const row: Row = { ...EMPTY(), atUs: seen.atUs, states: at(end, seen.state) };
  rows.splice(next === -1 ? rows.length : next, 0, row);
}

function at(end: 0 | 1, text: string): [string | null, string | null] {
  return end === 0 ? [text, null] : [null, text];
}

const EMPTY = (): Row => ({ atUs: null, step: null, event: null, calls: [null, null], states: [null, null] });
