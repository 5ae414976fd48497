import type { Probe } from "../model/probe.ts";
import { chosenProbes } from "./choice.ts";
import { type CheckOrder, orderOf } from "./order.ts";
import type { CheckTarget } from "./target.ts";

/** What is checked, and with which probes. */
export interface Wanted {
  target: CheckTarget;
  order: CheckOrder;
  probes: readonly Probe[];
}

/** A check of a target with the probes of these ids; with all without any. Throws a UsageError for what does not exist. */
export function wantedOf(target: CheckTarget, ids: readonly string[] = []): Wanted {
  return { target, order: orderOf(target.command, target.options), probes: chosenProbes(ids) };
}
