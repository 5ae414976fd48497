import type { SocketExample, SocketGroup, SocketsSample } from "../model/sample.ts";
import type { HostName } from "../model/names.ts";
import type { Owner, Side, TcpState, Timer } from "../model/state.ts";
import { type Evidence, samplesOf } from "./evidence.ts";
import { type Series, seriesOfHosts } from "./series.ts";

/**
 * Which sockets are meant. What is absent is not asked; of a list, any will do. `port` is the service's port, at
 * whichever end. Without `host`, a view's one host, and all hosts of a recording together.
 */
export interface Sockets {
  host?: HostName;
  state?: TcpState | readonly TcpState[];
  side?: Side;
  port?: number;
  timer?: Timer | readonly Timer[];
  receiveQueue?: SocketGroup["receiveQueue"];
  sendQueue?: SocketGroup["sendQueue"];
  owner?: Owner | readonly Owner[];
}

/** How many of those sockets there were, a point for every look at their host; 0 when there were none. */
export function socketSeries(evidence: Evidence, which: Sockets): Series {
  return seriesOfHosts(samplesOf(evidence, "sockets", which.host), (sample) =>
    count(matchingGroups(sample, which)),
  );
}

/** The groups of one sample that are meant; none when the sample is of another host. */
function matchingGroups(sample: SocketsSample, which: Sockets): SocketGroup[] {
  if (which.host !== undefined && which.host !== sample.host) return [];
  return sample.groups.filter(
    (group) =>
      fits(group.state, which.state) &&
      fits(group.side, which.side) &&
      fits(group.port, which.port) &&
      fits(group.timer, which.timer) &&
      fits(group.receiveQueue, which.receiveQueue) &&
      fits(group.sendQueue, which.sendQueue) &&
      fits(group.owner, which.owner),
  );
}

/** The sockets themselves, as far as they were written down (at most 20 a group), of the look that saw most of them. */
export function exampleRows(evidence: Evidence, which: Sockets): SocketExample[] {
  const groups = samplesOf(evidence, "sockets", which.host).map((sample) => matchingGroups(sample, which));
  return groups
    .reduce((most, some) => (count(some) > count(most) ? some : most), [])
    .flatMap((group) => group.examples);
}

function count(groups: SocketGroup[]): number {
  return groups.reduce((sum, group) => sum + group.count, 0);
}

function fits<T extends string | number>(value: T, wanted: T | readonly T[] | undefined): boolean {
  return wanted === undefined || wanted === value || (typeof wanted === "object" && wanted.includes(value));
}
