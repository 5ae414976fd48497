import type { SocketGroup } from "../model/sample.ts";
import type { StateCounts } from "../model/state.ts";
import type { Look, Surroundings } from "./load-run.ts";
import { isLoopback } from "./target.ts";

/**
 * The share of the range at which connect() becomes slow. connect() tries every port with the parity of the range's beginning before any
 * port of the other parity (__inet_hash_connect, net/ipv4/inet_hashtables.c). With that half of the range in use, each connect() tries
 * all of it in vain. docs/load.md has the measurements.
 */
const SLOW_FROM = 0.5;
/** With so few ports to try, connect() is not slow: it tries one in 0.2 us (3 ms for 14,116 of them, docs/load.md). */
const FEW = 512;
/** The share of that number from which there is a warning. */
const WARN_FROM = 0.8;
/** How long a socket in TIME-WAIT is not reused: net.ipv4.tcp_tw_reuse_delay, which was 1 s before it could be set. */
const REUSE_DELAY_US = 1_000_000;
/** How long TIME-WAIT keeps a port, in seconds: TCP_TIMEWAIT_LEN, include/net/tcp.h. */
const TIME_WAIT_S = 60;

/** Ephemeral ports of this side towards the target. */
export interface PortUse {
  /** The first and the last port of net.ipv4.ip_local_port_range, and how many ports of it are not reserved. */
  low: number;
  high: number;
  usable: number;
  /** The most ports that were in use at once, in any state, and the states at the last moment with that many. */
  most: number;
  states: StateCounts;
  /** The most ports that connect() could not use: if the kernel reuses TIME-WAIT, not all of it counts. */
  mostTaken: number;
  /** Whether the kernel uses ports in TIME-WAIT towards this target again after a second. */
  reused: boolean;
  /** For how long of the measured time connections were opened while connect() was slow, because so many ports were taken. */
  slowMs: number;
  /** Attempts that found no free port. */
  exhausted: number;
}

/** What the load itself reports: when it measured, on CLOCK_MONOTONIC, and how many attempts found no free port. */
export interface Measured {
  fromUs: number;
  toUs: number;
  exhausted: number;
}

/** The use of ports, from the looks of a load. */
export function portUse(
  looks: readonly Look[],
  surroundings: Surroundings,
  address: string,
  measured: Measured,
): PortUse {
  const { low, high, usable } = usablePorts(surroundings.portRange, surroundings.reservedPorts);
  // 1: everywhere; 2: on loopback (Documentation/networking/ip-sysctl.rst, tcp_tw_reuse).
  const reused =
    surroundings.timeWaitReuse === 1 || (surroundings.timeWaitReuse === 2 && isLoopback(address));
  const fullest = looks.reduce<StateCounts>((best, look) => {
    const states = statesOf(look.sockets.groups, "connector");
    return total(states) >= total(best) ? states : best;
  }, {});
  const allTaken = looks.map((look) => taken(look, looks, reused));
  return {
    low,
    high,
    usable,
    most: total(fullest),
    states: fullest,
    mostTaken: Math.max(0, ...allTaken),
    reused,
    slowMs: slowMs(looks, allTaken, slowFrom(usable), measured),
    exhausted: measured.exhausted,
  };
}

/** The number of taken ports from which connect() is slow; null: it never is, because the range is small. */
export function slowFrom(usable: number): number | null {
  const half = Math.ceil(SLOW_FROM * usable);
  return half < FEW ? null : half;
}

/** For how many seconds TIME-WAIT keeps a port. */
export function keptSeconds({ reused }: Pick<PortUse, "reused">): number {
  return reused ? REUSE_DELAY_US / 1e6 : TIME_WAIT_S;
}

/** How many connections a second one address can open to one port for long: as many as ports become free, while connect() is quick. */
export function sustainedPerSecond(usable: number, keptS: number): number {
  return (slowFrom(usable) ?? usable) / keptS;
}

/** Whether connect() was about to be slow, or was slow, because few ports were free. */
export function portsRunLow({ mostTaken, usable }: Pick<PortUse, "mostTaken" | "usable">): boolean {
  const from = slowFrom(usable);
  return from !== null && mostTaken >= WARN_FROM * from;
}

/** A stretch between two looks counts when so many ports were taken at its beginning, and connections were opened in it. */
function slowMs(
  looks: readonly Look[],
  allTaken: readonly number[],
  from: number | null,
  { fromUs, toUs }: Measured,
): number {
  if (from === null) return 0;
  let slowUs = 0;
  for (const [nth, look] of looks.entries()) {
    const before = looks[nth - 1];
    if (before === undefined || (allTaken[nth - 1] ?? 0) < from || opened(look) === opened(before)) continue;
    slowUs += Math.max(0, Math.min(look.monotonicUs, toUs) - Math.max(before.monotonicUs, fromUs));
  }
  return slowUs / 1000;
}

/**
 * How many of a look's ports connect() cannot use: at most those of sockets that are not in TIME-WAIT, and those that were opened within
 * the delay.
 */
function taken(look: Look, looks: readonly Look[], reused: boolean): number {
  const states = statesOf(look.sockets.groups, "connector");
  if (!reused) return total(states);
  const young = Math.round(opened(look) - openedAt(look.monotonicUs - REUSE_DELAY_US, looks));
  return Math.min(total(states), total(states) - (states["TIME-WAIT"] ?? 0) + young);
}

/** How many connections this namespace had opened since the first look. */
function opened({ counters }: Look): number {
  return counters.deltas["TcpActiveOpens"] ?? 0;
}

/** The same at a moment between two looks, as if connections were opened evenly; before the first look, 0. */
function openedAt(atUs: number, looks: readonly Look[]): number {
  const before = looks.findLast(({ monotonicUs }) => monotonicUs <= atUs);
  const after = looks.find(({ monotonicUs }) => monotonicUs > atUs);
  if (before === undefined || after === undefined) return before === undefined ? 0 : opened(before);
  const part = (atUs - before.monotonicUs) / (after.monotonicUs - before.monotonicUs);
  return opened(before) + part * (opened(after) - opened(before));
}

/** How many connections to the target one side has in each state. */
export function statesOf(groups: readonly SocketGroup[], side: SocketGroup["side"]): StateCounts {
  const states: StateCounts = {};
  for (const group of groups) {
    if (group.side !== side || group.state === "LISTEN") continue;
    states[group.state] = (states[group.state] ?? 0) + group.count;
  }
  return states;
}

function total(states: StateCounts): number {
  return Object.values(states).reduce((sum, count) => sum + count, 0);
}

/** Reads a range as `32768	60999` and reserved ports as `8080,9000-9010`, or nothing. */
export function usablePorts(range: string, reserved: string): { low: number; high: number; usable: number } {
  const [low = 0, high = 0] = range.trim().split(/\s+/).map(Number);
  const kept = new Set<number>();
  for (const part of reserved.split(",").filter((one) => one.trim() !== "")) {
    const [from = 0, to = from] = part.split("-").map(Number);
    for (let port = Math.max(from, low); port <= Math.min(to, high); port += 1) kept.add(port);
  }
  return { low, high, usable: high - low + 1 - kept.size };
}
