import type { WireAction, WirePlan, WireRule } from "../model/wire.ts";
import { Chance } from "./chance.ts";
import { IdleConnections } from "./idle.ts";
import { flagBits } from "./packet/flags.ts";
import type { Side } from "./side.ts";

/** The fields of a segment that rules use. A parsed frame has all of them. */
export interface RuledSegment {
  readonly flags: number;
  readonly payloadBytes: number;
  readonly sourcePort: number;
  readonly destinationPort: number;
}

/** What to do with a segment. Every call returns the same object, so read it before the next call. */
export interface Decision {
  /** The index of the rule that acts; -1 when none does. */
  rule: number;
  /** What the rule does; null when none acts. */
  action: WireAction | null;
  /** The segment is lost at random. Only where no rule acts. */
  lost: boolean;
}

interface Watched {
  rule: WireRule;
  from: Side | null;
  set: number;
  unset: number;
  /** Which connections were idle for long enough; null when the rule does not ask. */
  idle: IdleConnections | null;
  /** How many segments have matched all keys other than `nth`. */
  seen: number;
  acted: number;
}

/**
 * The rules of a wire and their counts. Pure: the same segments and interventions in the same order give the same decisions.
 * Each direction has its own random generator for loss, so the order of segments from different sides does not matter: the n-th
 * segment of a side on which no rule acts gets the n-th number of that side's generator.
 */
export class Rulebook {
  readonly #rules: Watched[];
  readonly #loss: number;
  readonly #chances: readonly [Chance, Chance];
  readonly #done = new Set<string>();
  readonly #decision: Decision = { rule: -1, action: null, lost: false };

  constructor(plan: Pick<WirePlan, "between" | "loss" | "seed" | "rules">) {
    this.#rules = plan.rules.map((rule) => ({
      rule,
      from: rule.match.from === undefined ? null : rule.match.from === plan.between[0] ? 0 : 1,
      set: flagBits(rule.match.flags ?? []),
      unset: flagBits(rule.match.without ?? []),
      idle: rule.match.idleForMs === undefined ? null : new IdleConnections(rule.match.idleForMs),
      seen: 0,
      acted: 0,
    }));
    this.#loss = plan.loss;
    this.#chances = [new Chance(plan.seed, 0), new Chance(plan.seed, 1)];
  }

  /** Reports that an intervention is done: rules that begin or end with it take this into account from now on. */
  done(intervention: string): void {
    this.#done.add(intervention);
  }

  isDone(intervention: string): boolean {
    return this.#done.has(intervention);
  }

  /** Decides what to do with a segment from a side, which has come at this time, and counts it. */
  decide(side: Side, segment: RuledSegment, connection: number, atUs: number): Decision {
    const decision = this.#decision;
    decision.rule = -1;
    decision.action = null;
    decision.lost = false;
    // Every segment counts as traffic, also one on which an earlier rule acts.
    for (const { idle } of this.#rules) idle?.see(connection, atUs);
    for (let n = 0; n < this.#rules.length; n += 1) {
      const watched = this.#rules[n]!;
      if (!this.#matches(watched, side, segment, connection)) continue;
      watched.seen += 1;
      const nth = watched.rule.match.nth;
      if (nth !== undefined && (watched.seen < nth.from || (nth.to !== null && watched.seen > nth.to)))
        continue;
      watched.acted += 1;
      decision.rule = n;
      decision.action = watched.rule.do;
      return decision;
    }
    if (this.#loss > 0) decision.lost = this.#chances[side].next() < this.#loss;
    return decision;
  }

  /** How many segments each rule has acted on, in the order of the plan. */
  matches(): { rule: string; segments: number }[] {
    return this.#rules.map(({ rule, acted }) => ({ rule: rule.name, segments: acted }));
  }

  #matches(watched: Watched, side: Side, segment: RuledSegment, connection: number): boolean {
    if (watched.from !== null && watched.from !== side) return false;
    if ((segment.flags & watched.set) !== watched.set || (segment.flags & watched.unset) !== 0) return false;
    const { payload, payloadAtLeast, port, connection: wanted, after, until } = watched.rule.match;
    if (payload !== undefined && (payload === "some") !== segment.payloadBytes > 0) return false;
    if (payloadAtLeast !== undefined && segment.payloadBytes < payloadAtLeast) return false;
    if (watched.idle !== null && !watched.idle.isForgotten(connection)) return false;
    if (port !== undefined && segment.sourcePort !== port && segment.destinationPort !== port) return false;
    if (wanted !== undefined && wanted !== connection) return false;
    if (after !== undefined && !this.#done.has(after)) return false;
    return until === undefined || !this.#done.has(until);
  }
}
