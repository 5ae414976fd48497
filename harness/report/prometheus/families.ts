import type { Census, CensusListener, Peer } from "../../model/census.ts";
import type { SocketGroup } from "../../model/sample.ts";
import type { SeenState, StateCounts } from "../../model/state.ts";
import type { Family } from "./exposition.ts";
import { counterMetric, END_LABEL, METRICS, OTHER } from "./names.ts";

/** Bounds on what has a series of its own: what comes after is counted together, or left out where a sum would mean nothing. */
const MOST_PORTS = 100;
const MOST_LISTENERS = 100;
const MOST_OWNERS = 20;
const MOST_DESTINATIONS = 20;

/** What a census by peer is completed with. `counters`: those that are wanted, with their values since the namespace was made. */
export interface MetricsInput {
  census: Census;
  counters: Record<string, number>;
  /** As /proc/sys has them. Those that could not be read are absent. */
  sysctls: Readonly<Record<string, string | undefined>>;
  timeWaitRecords: number | null;
}

type Series = Family["series"][number];

/** The metrics of a census by peer. The number of series has a bound, whatever the number of sockets, ports, processes and peers. */
export function metricFamilies({ census, counters, sysctls, timeWaitRecords }: MetricsInput): Family[] {
  const { read } = census;
  return [
    gauge(METRICS.read, "How the sockets were read: by sock_diag, or from /proc/PID/net. Always 1.", [
      { labels: { by: read.by }, value: 1 },
    ]),
    gauge(
      METRICS.sockets,
      "TCP sockets of the network namespace, by state, end, port of the service, timer, queues and kind of owner.",
      socketSeries(census),
    ),
    ...listenerFamilies(census.listeners),
    gauge(
      METRICS.owner,
      "TCP sockets by the name of the process that holds them, and by state. One that two processes hold counts for both.",
      ownerSeries(census),
    ),
    ...destinationFamilies(census.peers ?? []),
    gauge(METRICS.localPorts, "Local ports that connect() can take: ip_local_port_range.", [
      ...seriesOf(portsIn(sysctls["net.ipv4.ip_local_port_range"])),
    ]),
    gauge(
      METRICS.timeWait,
      "TIME-WAIT and FIN-WAIT-2 without a process, as the kernel counts them against its limit.",
      seriesOf(timeWaitRecords),
    ),
    gauge(
      METRICS.timeWaitLimit,
      "The limit of these: tcp_max_tw_buckets.",
      seriesOf(numberIn(sysctls["net.ipv4.tcp_max_tw_buckets"])),
    ),
    gauge(
      METRICS.sysctl,
      "Sysctls of the network namespace that are one number.",
      Object.entries(sysctls).flatMap(([name, text]) =>
        seriesOf(numberIn(text)).map(({ value }) => ({ labels: { name }, value })),
      ),
    ),
    ...Object.entries(counters).map(([name, value]): Family => ({
      name: counterMetric(name),
      type: "counter",
      help: `${name} of nstat, since the network namespace was made.`,
      series: [{ labels: {}, value }],
    })),
  ];
}

function gauge(name: string, help: string, series: Series[]): Family {
  return { name, type: "gauge", help, series };
}

function seriesOf(value: number | null): Series[] {
  return value === null ? [] : [{ labels: {}, value }];
}

/** The ports of listeners have series of their own, and then those with the most sockets. */
function socketSeries({ groups, listeners }: Census): Series[] {
  const own = new Set(listeners.map(({ port }) => port));
  const counts = new Map<number, number>();
  for (const { port, count } of groups) counts.set(port, (counts.get(port) ?? 0) + count);
  const ports = new Set(
    [...counts]
      .toSorted(([a, many], [b, more]) => Number(own.has(b)) - Number(own.has(a)) || more - many || a - b)
      .slice(0, MOST_PORTS)
      .map(([port]) => port),
  );
  return summed(
    groups.map((group) => ({
      labels: groupLabels(group, ports.has(group.port) ? String(group.port) : OTHER),
      value: group.count,
    })),
  );
}

function groupLabels(group: SocketGroup, port: string): Record<string, string> {
  const { state, side, timer, receiveQueue, sendQueue, owner } = group;
  return {
    state,
    end: END_LABEL[side],
    port,
    timer,
    receive_queue: receiveQueue,
    send_queue: sendQueue,
    owner,
  };
}

/** Several listeners can have one address and port (SO_REUSEPORT): the queue and the backlog are those of the fullest. */
function listenerFamilies(listeners: readonly CensusListener[]): Family[] {
  const places = new Map<string, CensusListener[]>();
  for (const one of listeners) {
    const place = `${one.address} ${one.port}`;
    places.set(place, [...(places.get(place) ?? []), one]);
  }
  const fullest = [...places.values()]
    .map((all) => ({ all, most: all.reduce((most, one) => (room(one) < room(most) ? one : most)) }))
    .toSorted((a, b) => b.most.queue - a.most.queue || a.most.port - b.most.port)
    .slice(0, MOST_LISTENERS);
  const series = (value: (one: (typeof fullest)[number]) => number | null): Series[] =>
    fullest.flatMap((one) => {
      const { address, port } = one.most;
      return seriesOf(value(one)).map((each) => ({ ...each, labels: { address, port: String(port) } }));
    });
  return [
    gauge(
      METRICS.queue,
      "Connections that wait for accept(), at the fullest listener of an address and port.",
      series(({ most }) => most.queue),
    ),
    gauge(
      METRICS.backlog,
      "The limit of that queue; the kernel accepts one more.",
      series(({ most }) => most.backlog),
    ),
    gauge(
      METRICS.listenerSockets,
      "Listening sockets with one address and port.",
      series(({ all }) => all.length),
    ),
  ];
}

function room({ queue, backlog }: CensusListener): number {
  return (backlog ?? 0) - queue;
}

function ownerSeries({ held }: Census): Series[] {
  const byName = new Map<string, { sockets: number; states: StateCounts }>();
  for (const { name, sockets, states } of held.processes) {
    const one = byName.get(name) ?? { sockets: 0, states: {} };
    byName.set(name, { sockets: one.sockets + sockets, states: plus(one.states, states) });
  }
  const sorted = [...byName].toSorted(([, a], [, b]) => b.sockets - a.sockets);
  const owners = [
    ...sorted.map(([name, { states }], nth) => {
      const isOwn = nth < MOST_OWNERS;
      return { owner: isOwn ? "process" : OTHER, process: isOwn ? name : "", states };
    }),
    { owner: "none", process: "", states: held.none },
    { owner: "unseen", process: "", states: held.unseen },
  ];
  return summed(
    owners.flatMap(({ owner, process, states }) =>
      Object.entries(states).map(([state, value]) => ({ labels: { owner, process, state }, value })),
    ),
  );
}

function plus(one: StateCounts, other: StateCounts): StateCounts {
  const sum: StateCounts = { ...one };
  for (const state of Object.keys(other) as SeenState[]) sum[state] = (sum[state] ?? 0) + (other[state] ?? 0);
  return sum;
}

/** The destinations that have the most sockets; the others have no series, because a sum over destinations has no limit of ports. */
function destinationFamilies(peers: readonly Peer[]): Family[] {
  const destinations = peers.filter(({ side }) => side === "connector").slice(0, MOST_DESTINATIONS);
  const place = ({ address, port }: Peer): Record<string, string> => ({ address, port: String(port) });
  return [
    gauge(
      METRICS.destination,
      "TCP sockets at the connecting end, by destination and state.",
      destinations.flatMap((peer) =>
        Object.entries(peer.states).map(([state, value]) => ({ labels: { ...place(peer), state }, value })),
      ),
    ),
    gauge(
      METRICS.destinationPorts,
      "Local ports in use toward a destination.",
      destinations.map((peer) => ({ labels: place(peer), value: peer.localPorts })),
    ),
  ];
}

/** Series with the same labels, added up. */
function summed(series: Series[]): Series[] {
  const sums = new Map<string, Series>();
  for (const { labels, value } of series) {
    const key = JSON.stringify(labels);
    sums.set(key, { labels, value: (sums.get(key)?.value ?? 0) + value });
  }
  return [...sums.values()];
}

/** How many ports a range has: both of its ends belong to it. */
function portsIn(range = ""): number | null {
  const [, low, high] = /^(\d+)\s+(\d+)$/.exec(range.trim()) ?? [];
  return low === undefined ? null : Number(high) - Number(low) + 1;
}

function numberIn(text = ""): number | null {
  return /^-?\d+$/.test(text.trim()) ? Number(text) : null;
}
