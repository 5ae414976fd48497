import type { Census, CensusBy } from "../../model/census.ts";
import { inOrderOfLife } from "../state-order.ts";
import type { SeenState } from "../../model/state.ts";
import type { Trends } from "../trends.ts";
import { movedFirst, NAMES, signed } from "./watched.ts";

/** How many owners or peers, and how many counters, a line names. */
const MOST_NAMED = 5;
/** Counters that say that something went wrong, in words that all of their names contain one of. */
const TROUBLE = /Overflow|Drop|Abort|Reset|Rst|Timeout|Retrans|Fail|Recycle|Err/;

/**
 * One line for one look, for a reader of a pipe: how many sockets there are and by how many that has changed, the same by state (or the
 * owners or peers that have moved most), and the counters of trouble that move. The time stands before it; it is not part of this.
 */
export function censusLine(census: Census, by: CensusBy, trends: Trends): string {
  const parts = partsOf(census, by, trends).map(({ what, count, name }) =>
    [`${count} ${what}`, changed(trends.change(name))].join(""),
  );
  const names = trends.byMovement().filter((name) => name.startsWith(NAMES.counter("Tcp")));
  const moving = names
    .filter((name) => TROUBLE.test(name) && trends.rate(name) > 0)
    .slice(0, MOST_NAMED)
    .map((name) => `${name.slice(NAMES.counter("").length)} ${shortRate(trends.rate(name))}/s`);
  const all = (Object.keys(census.states) as SeenState[]).reduce(
    (sum, state) => sum + trends.change(NAMES.state(state)),
    0,
  );
  const sockets = census.total === 1 ? "socket" : "sockets";
  return [`${census.total} ${sockets}${changed(all)}: ${parts.join(", ") || "none"}`, ...moving].join("; ");
}

function partsOf(
  { states, held, peers = [] }: Census,
  by: CensusBy,
  trends: Trends,
): { what: string; count: number; name: string }[] {
  if (by === "owner") {
    const rows = movedFirst(held.processes, trends, ({ pid }) => NAMES.owner(pid)).slice(0, MOST_NAMED);
    return rows.map(({ pid, sockets }) => ({
      what: `of pid ${pid}`,
      count: sockets,
      name: NAMES.owner(pid),
    }));
  }
  if (by === "peer") {
    const rows = movedFirst(peers, trends, NAMES.peer).slice(0, MOST_NAMED);
    return rows.map((peer) => ({
      what: `${peer.side === "connector" ? "to" : "from"} ${peer.address} port ${peer.port}`,
      count: peer.sockets,
      name: NAMES.peer(peer),
    }));
  }
  return (Object.keys(states) as SeenState[])
    .toSorted(inOrderOfLife)
    .map((state) => ({ what: state, count: states[state] ?? 0, name: NAMES.state(state) }));
}

function changed(change: number): string {
  return change === 0 ? "" : ` (${signed(change)})`;
}

function shortRate(rate: number): string {
  return rate < 10 ? rate.toFixed(1) : String(Math.round(rate));
}
