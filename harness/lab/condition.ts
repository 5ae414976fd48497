import type { CountersSample, SocketGroup, SocketsSample } from "../model/sample.ts";
import type { HostName, ProgramName } from "../model/names.ts";
import type { Condition, SocketSelector } from "../model/setup.ts";
import type { SeenState } from "../model/state.ts";

/** What a condition is asked of: the latest that was seen. */
export interface Sight {
  phaseElapsedMs: number;
  exited: (program: ProgramName) => boolean;
  sockets: (host: HostName) => SocketsSample | undefined;
  counters: (host: HostName) => CountersSample | undefined;
}

/** A condition under watch. It remembers since when a `heldForMs` has held, so make a fresh one for each phase. */
export class ConditionWatch {
  readonly #condition: Condition;
  readonly #since = new Map<Condition, number>();

  constructor(condition: Condition) {
    this.#condition = condition;
  }

  /** Whether the condition holds now. What has not been sampled yet does not hold. */
  holds(sight: Sight): boolean {
    return this.#ask(this.#condition, sight);
  }

  /** How many milliseconds later time alone may make it hold; infinitely many where it waits for something to be seen. */
  dueInMs(sight: Sight): number {
    return this.#due(this.#condition, sight);
  }

  #due(condition: Condition, sight: Sight): number {
    if ("elapsedMs" in condition) return untilLater(condition.elapsedMs - sight.phaseElapsedMs);
    if ("all" in condition) return Math.min(...condition.all.map((part) => this.#due(part, sight)));
    if ("any" in condition) return Math.min(...condition.any.map((part) => this.#due(part, sight)));
    if (!("heldForMs" in condition)) return Number.POSITIVE_INFINITY;
    const since = this.#since.get(condition);
    const held = since === undefined ? 0 : since + condition.heldForMs - sight.phaseElapsedMs;
    return Math.min(untilLater(held), this.#due(condition.condition, sight));
  }

  #ask(condition: Condition, sight: Sight): boolean {
    if ("elapsedMs" in condition) return sight.phaseElapsedMs >= condition.elapsedMs;
    if ("exited" in condition) return condition.exited.every((program) => sight.exited(program));
    if ("sockets" in condition) {
      const sample = sight.sockets(condition.sockets.host);
      return sample !== undefined && within(countSockets(sample.groups, condition.sockets), condition);
    }
    if ("counter" in condition) {
      const sample = sight.counters(condition.host);
      return sample !== undefined && (sample.deltas[condition.counter] ?? 0) >= condition.atLeast;
    }
    if ("all" in condition) return condition.all.map((part) => this.#ask(part, sight)).every(Boolean);
    if ("any" in condition) return condition.any.map((part) => this.#ask(part, sight)).some(Boolean);
    return this.#held(condition, sight);
  }

  #held(condition: Extract<Condition, { heldForMs: number }>, sight: Sight): boolean {
    if (!this.#ask(condition.condition, sight)) {
      this.#since.delete(condition);
      return false;
    }
    const since = this.#since.get(condition) ?? sight.phaseElapsedMs;
    this.#since.set(condition, since);
    return sight.phaseElapsedMs - since >= condition.heldForMs;
  }
}

/** What is over is due no more. */
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
