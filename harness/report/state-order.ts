import { isUnknown, type SeenState, TCP_STATES } from "../model/state.ts";

/** Compares two states for a table: those of RFC 9293 in the order of a connection's life, then those without a name. */
export function inOrderOfLife(a: SeenState, b: SeenState): number {
  return place(a) - place(b);
}

function place(state: SeenState): number {
  if (!isUnknown(state)) return TCP_STATES.indexOf(state);
  return TCP_STATES.length + Number(state.slice("unknown-".length));
}
