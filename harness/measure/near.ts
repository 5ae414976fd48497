import type { HostName } from "../model/names.ts";
import type { SocketGroup, SocketsSample } from "../model/sample.ts";
import { isUnknown, type SeenState, type Side, type TcpState } from "../model/state.ts";
import type { Text } from "../model/text.ts";
import { type Evidence, samplesOf } from "./evidence.ts";
import { type Series, seriesOfHosts } from "./series.ts";
import { type Condition, isUnnamed, type Sockets, unmet } from "./sockets.ts";

/** Sockets that do not meet the same conditions and show the same instead. */
export interface Near {
  /** Their states, where one is asked for, and the end and the port that all of them have. */
  where: Pick<Sockets, "state" | "side" | "port">;
  /** The conditions that they do not meet, and what they show instead. Those that are asked for meet all. */
  unmet: Condition[];
  instead: Sockets;
  /** How many of them each look found. */
  series: Series;
}

/**
 * The sockets of all looks, sorted by what they show instead of what is asked for. Left out are sockets of which that cannot
 * be told, because their state or timer has no name here; and listeners, where it is connections that are asked for.
 */
export function nearSockets(evidence: Evidence, which: Sockets): Near[] {
  const found = new Map<string, Found>();
  for (const sample of samplesOf(evidence, "sockets")) {
    for (const group of sample.groups) {
      const missed = unmet(sample.host, group, which);
      if (missed.some((one) => isUnnamed(group, one)) || isOnlyListening(group, missed)) continue;
      const instead = shownBy(sample.host, group, missed);
      const key = JSON.stringify(instead);
      const one = found.get(key) ?? new Found(missed, instead, which.host === undefined ? null : sample.host);
      found.set(key, one);
      one.add(sample, group);
    }
  }
  return [...found.values()].map((one) => one.near(evidence, which));
}

/** What is asked of sockets, and how many of them are wanted for how long. */
export interface Wanted {
  which: Sockets;
  /** How many of some sockets there are, where they are counted: at the peak, or at the end of a phase. */
  count: (series: Series) => number;
  /** Why some sockets, were they the right ones, would be too few or too short-lived, in words; null where they would do. */
  lacks: (series: Series) => Text | null;
}

/** Sockets, how many of them there are, and what they lack besides the conditions that they do not meet. */
export interface Candidate extends Near {
  many: number;
  lack: Text | null;
}

/**
 * The sockets that come nearest to what is wanted: those that do not meet the fewest conditions, their number and time being
 * one. Of equals, those in the right state are nearest, then the most. null when there are none at all.
 */
export function nearestTo(evidence: Evidence, { which, count, lacks }: Wanted): Candidate | null {
  const [nearest] = nearSockets(evidence, which)
    .map((near) => ({ ...near, many: count(near.series), lack: lacks(near.series) }))
    .filter(({ many }) => many > 0)
    .toSorted((a, b) => failed(a) - failed(b) || otherState(a) - otherState(b) || b.many - a.many);
  return nearest ?? null;
}

function failed({ unmet: missed, lack }: Candidate): number {
  return missed.length + (lack === null ? 0 : 1);
}

function otherState({ unmet: missed }: Candidate): number {
  return missed.includes("state") ? 1 : 0;
}

function isNamed(state: SeenState): state is TcpState {
  return !isUnknown(state);
}

function isOnlyListening({ state }: SocketGroup, missed: Condition[]): boolean {
  return state === "LISTEN" && missed.includes("state");
}

/** What a group shows where it does not meet a condition. */
function shownBy(host: HostName, group: SocketGroup, missed: Condition[]): Sockets {
  return Object.fromEntries(missed.map((one) => [one, one === "host" ? host : group[one]]));
}

/** Sockets alike, as they are found look after look. */
class Found {
  readonly #unmet: Condition[];
  readonly #instead: Sockets;
  /** Whose they are, where a host is asked for. */
  readonly #host: HostName | null;
  readonly #states = new Set<SeenState>();
  readonly #sides = new Set<Side>();
  readonly #ports = new Set<number>();
  readonly #counts = new Map<SocketsSample, number>();

  constructor(missed: Condition[], instead: Sockets, host: HostName | null) {
    this.#unmet = missed;
    this.#instead = instead;
    this.#host = host;
  }

  add(sample: SocketsSample, { state, side, port, count }: SocketGroup): void {
    this.#states.add(state);
    this.#sides.add(side);
    this.#ports.add(port);
    this.#counts.set(sample, (this.#counts.get(sample) ?? 0) + count);
  }

  near(evidence: Evidence, which: Sockets): Near {
    const [[side, ...otherSides], [port, ...otherPorts]] = [[...this.#sides], [...this.#ports]];
    const looks = samplesOf(evidence, "sockets", this.#host ?? undefined);
    return {
      where: {
        ...(which.state !== undefined && { state: [...this.#states].filter(isNamed) }),
        ...(side !== undefined && otherSides.length === 0 && { side }),
        ...(port !== undefined && otherPorts.length === 0 && { port }),
      },
      unmet: this.#unmet,
      instead: this.#instead,
      series: seriesOfHosts(looks, (sample) => this.#counts.get(sample) ?? 0),
    };
  }
}
