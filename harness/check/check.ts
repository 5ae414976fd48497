import type { CheckedServer, Grade, Probe } from "../model/probe.ts";
import type { Outcome } from "../model/verdict.ts";
import { keepOutcome } from "../runs/past-runs.ts";
import { type Battery, type BatteryPlace, runBattery } from "./battery.ts";
import { type CheckDocument, documentOf } from "./document.ts";
import { Interrupted, NotChecked } from "./not-checked.ts";
import type { CheckOrder } from "./order.ts";
import { scout } from "./scout.ts";
import type { Wanted } from "./wanted.ts";

/**
 * Starts the server in a lab, finds out how to talk to it, and probes it. The document says what was found, and why a server could not be checked. `others`: how other
 * programs affected the check, in one line; null when they did not.
 */
export async function checked(
  { target, order, probes }: Wanted,
  place: BatteryPlace,
): Promise<{ document: CheckDocument; others: string | null }> {
  const beganMs = performance.now();
  const { server, results, notChecked, interrupted, others } = await foundBy(order, place, probes);
  const document = documentOf({
    target,
    speaks: "http" in order.request ? "http" : "bytes",
    server,
    chosen: probes.map(({ id }) => id),
    results,
    notChecked,
    interrupted,
    folder: place.folder,
    seconds: Math.round(performance.now() - beganMs) / 1000,
  });
  keepOutcome(
    place.folder,
    results.map(({ outcome }) => OUTCOMES[outcome]),
    interrupted,
  );
  return { document, others };
}

/** The grades as verdicts, for the list of past runs. */
const OUTCOMES: Record<Grade, Outcome> = {
  pass: "confirmed",
  informational: "confirmed",
  skip: "confirmed",
  warn: "confirmed",
  inconclusive: "inconclusive",
  fail: "refuted",
};

type WhatWasFound = Battery & { server: CheckedServer | null; notChecked: string | null };

async function foundBy(
  order: CheckOrder,
  place: BatteryPlace,
  probes: readonly Probe[],
): Promise<WhatWasFound> {
  try {
    const server = await scout(order, place);
    return { ...(await runBattery(probes, server, order, place)), server, notChecked: null };
  } catch (error) {
    const nothing = { server: null, results: [], others: null };
    if (error instanceof NotChecked) return { ...nothing, notChecked: error.message, interrupted: false };
    if (error instanceof Interrupted) return { ...nothing, notChecked: null, interrupted: true };
    throw error;
  }
}
