import type { CountersSample, SocketGroup, SocketsSample } from "../model/sample.ts";
import type { HostName, ProgramName } from "../model/names.ts";
import type { Condition, SocketSelector } from "../model/setup.ts";
import type { SeenState } from "../model/state.ts";

/** What a condition is checked against: the latest samples. */
export interface LatestSamples {
  phaseElapsedMs: number;
  exited: (program: ProgramName) => boolean;
  /** Whether it has printed that it is ready, or listens on the port that its plan names. */
  ready: (program: ProgramName) => boolean;
  sockets: (host: HostName) => SocketsSample | undefined;
  counters: (host: HostName) => CountersSample | undefined;
}

/** Checks one condition again and again. It remembers since when a `heldForMs` has held, so make a fresh one for each phase. */
export class ConditionWatch {
  readonly #condition: Condition;
  readonly #since = new Map<Condition, number>();

  constructor(condition: Condition) {
    this.#condition = condition;
  }

  /** Whether the condition holds now. A condition on something that has not been sampled yet does not hold. */
  holds(latest: LatestSamples): boolean {
    return this.#ask(this.#condition, latest);
  }

  /** In how many milliseconds time alone can make it hold; Infinity when it waits for a sample. */
  dueInMs(latest: LatestSamples): number {
    return this.#due(this.#condition, latest);
  }

  #due(condition: Condition, latest: LatestSamples): number {
    if ("elapsedMs" in condition) return untilLater(condition.elapsedMs - latest.phaseElapsedMs);
    if ("all" in condition) return Math.min(...condition.all.map((part) => this.#due(part, latest)));
    if ("any" in condition) return Math.min(...condition.any.map((part) => this.#due(part, latest)));
    if (!("heldForMs" in condition)) return Number.POSITIVE_INFINITY;
    const since = this.#since.get(condition);
    const held = since === undefined ? 0 : since + condition.heldForMs - latest.phaseElapsedMs;
    return Math.min(untilLater(held), this.#due(condition.condition, latest));
  }

  #ask(condition: Condition, latest: LatestSamples): boolean {
    if ("elapsedMs" in condition) return latest.phaseElapsedMs >= condition.elapsedMs;
    if ("exited" in condition) return condition.exited.every((program) => latest.exited(program));
    if ("ready" in condition) return condition.ready.every((program) => latest.ready(program));
    if ("sockets" in condition) {
      const sample = latest.sockets(condition.sockets.host);
      return sample !== undefined && within(countSockets(sample.groups, condition.sockets), condition);
    }
    if ("counter" in condition) {
      const sample = latest.counters(condition.host);
      return sample !== undefined && (sample.deltas[condition.counter] ?? 0) >= condition.atLeast;
    }
    if ("all" in condition) return condition.all.map((part) => this.#ask(part, latest)).every(Boolean);
    if ("any" in condition) return condition.any.map((part) => this.#ask(part, latest)).some(Boolean);
    return this.#held(condition, latest);
  }

  #held(condition: Extract<Condition, { heldForMs: number }>, latest: LatestSamples): boolean {
    if (!this.#ask(condition.condition, latest)) {
      this.#since.delete(condition);
      return false;
    }
    const since = this.#since.get(condition) ?? latest.phaseElapsedMs;
    this.#since.set(condition, since);
    return latest.phaseElapsedMs - since >= condition.heldForMs;
  }
}

/** Infinity when the time is over: the condition is not due any more. */
function untilLater(ms: number): number {
  return ms > 0 ? ms : Number.POSITIVE_INFINITY;
}

function within(count: number, bounds: { atLeast?: number; atMost?: number }): boolean {
  return count >= (bounds.atLeast ?? 0) && count <= (bounds.atMost ?? Number.POSITIVE_INFINITY);
}

function countSockets(groups: SocketGroup[], selector: SocketSelector): number {
  const states: readonly SeenState[] | null = selector.state === undefined ? null : [selector.state].flat();
  return groups
    .filter((group) => states === null || states.includes(group.state))
    .filter((group) => selector.side === undefined || group.side === selector.side)
    .filter((group) => selector.port === undefined || group.port === selector.port)
    .reduce((sum, group) => sum + group.count, 0);
}
