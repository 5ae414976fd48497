import type { CheckedServer, ProbeBounds, ProbeClaim } from "../model/probe.ts";
import type { InterventionPlan, Setup } from "../model/setup.ts";
import { allServed, noneHeld } from "./claims.ts";
import { dialogue, exchange, sceneOf } from "./scene.ts";

// Probes in which clients break off.

/** Clients that break off: their steps, and how many connections play them. */
export interface Aborters {
  steps: string[];
  connections: number;
  interventions?: InterventionPlan[];
}

/** So many connections begin in a second: a server with a short backlog can accept them all. */
const PER_SECOND = 200;
/** How many clients ask afterwards, one after another. */
const AFTERWARDS = 5;
/** How long a server that has answered others may take to close what was broken off. */
const CLOSES_WITHIN_MS = 500;
/** After the interventions of the beginning. */
const BEGINS_MS = 50;

/** Clients that break off, each kind at the same time; and when they have ended, clients that ask. */
export function abortScene(
  server: CheckedServer,
  { answerMs }: ProbeBounds,
  aborters: Record<string, Aborters>,
  interventions: InterventionPlan[] = [],
): Setup {
  const names = Object.keys(aborters);
  const clients = Object.entries(aborters).map(([name, { steps, connections }]) => {
    const many = ["--connections", String(connections), "--rate", String(PER_SECOND)];
    const run = dialogue(server, steps, many);
    return [name, { run, withinMs: 6 * answerMs, when: { elapsedMs: BEGINS_MS } }] as const;
  });
  const others = ["--connections", String(AFTERWARDS), "--concurrency", "1"];
  const afterwards = {
    run: dialogue(server, [...exchange(server, answerMs), "close"], others),
    withinMs: 3 * AFTERWARDS * answerMs,
    when: { exited: names },
  };
  return sceneOf(server, {
    clients: { ...Object.fromEntries(clients), afterwards },
    phases: {
      load: { until: { exited: ["afterwards"] }, withinMs: (3 * AFTERWARDS + 6) * answerMs },
      drain: { elapsedMs: CLOSES_WITHIN_MS },
    },
    interventions,
  });
}

/** What must hold when clients have broken off. That the server goes on at all is claimed of every probe. */
export function abortClaims({ port }: CheckedServer): ProbeClaim[] {
  return [
    allServed("afterwards", "what one client breaks off takes nothing from the next"),
    noneHeld(
      port,
      "after an RST the kernel has forgotten the connection, and only the program's close() frees the descriptor",
    ),
  ];
}
