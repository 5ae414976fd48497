import type { SocketGroup } from "../../model/sample.ts";
import type { StateCounts } from "../../model/state.ts";

/** How many sockets of the groups are in each state. A state without sockets is absent. */
export function countStates(groups: SocketGroup[]): StateCounts {
  const states: StateCounts = {};
  for (const { state, count } of groups) states[state] = (states[state] ?? 0) + count;
  return states;
}
