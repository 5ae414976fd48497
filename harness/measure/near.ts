import type { HostName } from "../model/names.ts";
import type { SocketGroup, SocketsSample } from "../model/sample.ts";
import { isUnknown, type SeenState, type Side, type TcpState } from "../model/state.ts";
import type { Text } from "../model/text.ts";
import { type Evidence, samplesOf } from "./evidence.ts";
import { type Series, seriesOfHosts } from "./series.ts";
import { type Condition, isUnnamed, type Sockets, unmet } from "./sockets.ts";

/** Sockets that fail the same conditions and show the same values instead. */
export interface Near {
  /** Their states, if the selector has one, and the end and the port that all of them share. */
  where: Pick<Sockets, "state" | "side" | "port">;
  /** The conditions that they fail, and what they show instead. The sockets that are asked for fail none. */
  unmet: Condition[];
  instead: Sockets;
  /** How many of them were in each look. */
  series: Series;
}

/**
 * The sockets of all looks, grouped by what they show instead of what is asked for. Two kinds are left out: sockets with a state or timer
 * without a name here, which cannot be compared, and listeners if connections are asked for.
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

/** Which sockets are wanted, how many, and for how long. */
export interface Wanted {
  which: Sockets;
  /** Counts some sockets where the count matters: at the peak, or at the end of a phase. */
  count: (series: Series) => number;
  /** Why some sockets are too few or too short-lived, in words; null if their number and time are enough. */
  lacks: (series: Series) => Text | null;
}

/** Sockets, how many they are, and what they lack besides the conditions that they fail. */
export interface Candidate extends Near {
  many: number;
  lack: Text | null;
}

/**
 * The sockets that come nearest to what is wanted: those that fail the fewest conditions. Their number and time count as one condition.
 * Among equals, those in the right state are nearest, then the largest group. null when there are no sockets at all.
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

/** What a group shows in the conditions that it fails. */
function shownBy(host: HostName, group: SocketGroup, missed: Condition[]): Sockets {
  return Object.fromEntries(missed.map((one) => [one, one === "host" ? host : group[one]]));
}

/** A group of similar sockets, collected over all looks. */
class Found {
  readonly #unmet: Condition[];
  readonly #instead: Sockets;
  /** Their host, if the selector has one. */
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
