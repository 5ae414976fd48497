import type { StateSeen } from "../../measure/socket-states.ts";
import type { Call } from "./call.ts";
import type { Step } from "./step.ts";

/** One or two lines of the ladder: what stands on the left, between the ends, and on the right. */
export interface Row {
  /** null: the row stands below the line before. */
  atUs: number | null;
  step: Step | null;
  /** An intervention, drawn across the ladder. */
  event: string | null;
  calls: [string | null, string | null];
  states: [string | null, string | null];
}

/**
 * Everything that is drawn, in the order of time. A state stands beside the last segment that its end sent or received before the look
 * that saw the state, if the look before was earlier than that segment. Otherwise the state has its own line.
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
