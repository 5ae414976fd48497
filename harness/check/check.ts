import type { Laboratory } from "../lab/laboratory.ts";
import type { CheckedServer, Probe } from "../model/probe.ts";
import { PROBES } from "../probes/all.ts";
import { type Battery, type BatteryPlace, runBattery } from "./battery.ts";
import type { CheckOrder } from "./order.ts";
import { scout } from "./scout.ts";

/** The result of a check. */
export interface Check extends Battery {
  server: CheckedServer;
  /** The folder with its recordings: an absolute path. */
  folder: string;
}

/**
 * Starts the server in a lab, finds out how to talk to it, and probes it. Throws NotChecked when it does not become ready or does not answer.
 */
export async function checkIn(
  order: CheckOrder,
  place: BatteryPlace & { lab: Laboratory },
  probes: readonly Probe[] = PROBES,
): Promise<Check> {
  const server = await scout(order, place.lab, place.folder);
  const battery = await runBattery(probes, server, order, place);
  return { ...battery, server, folder: place.folder };
}
