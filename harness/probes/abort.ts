import type { CheckedServer, ProbeBounds, ProbeClaim } from "../model/probe.ts";
import type { Setup } from "../model/setup.ts";
import { allServed, noneWithoutRow } from "./claims.ts";
import { dialogue, exchange, type Scene, sceneOf } from "./scene.ts";

// Probes in which clients break off.

/** Clients that break off: their steps, and how many connections play them. */
export interface Aborters {
  steps: string[];
  connections: number;
  /** Options of clients/dialogue. */
  options?: string[];
}

/** What is done to the hosts besides. */
export type Besides = Pick<Scene, "interventions" | "hosts">;

/** So many connections begin in a second: a server with a short backlog can accept them all. */
const PER_SECOND = 200;
/** How many clients ask afterwards, at the same time. */
const AFTERWARDS = 3;
/** How long a server that has answered others may take to close what was broken off. */
const CLOSES_WITHIN_MS = 500;
/** After the interventions of the beginning, and a look at the server's processes. */
const BEGINS_MS = 150;

/** Clients that break off, each kind at the same time; and when they have ended, clients that ask. */
export function abortScene(
  server: CheckedServer,
  { answerMs }: ProbeBounds,
  aborters: Record<string, Aborters>,
  besides: Besides = {},
): Setup {
  const names = Object.keys(aborters);
  const clients = Object.entries(aborters).map(([name, { steps, connections, options = [] }]) => {
    const many = ["--connections", String(connections), "--rate", String(PER_SECOND), ...options];
    const run = dialogue(server, steps, many);
    return [name, { run, withinMs: 6 * answerMs, when: { elapsedMs: BEGINS_MS } }] as const;
  });
  const others = ["--connections", String(AFTERWARDS)];
  const afterwards = {
    run: dialogue(server, [...exchange(server, answerMs), "close"], others),
    withinMs: 4 * answerMs,
    when: { exited: names },
  };
  return sceneOf(server, {
    clients: { ...Object.fromEntries(clients), afterwards },
    phases: {
      load: { until: { exited: ["afterwards"] }, withinMs: 10 * answerMs },
      drain: { elapsedMs: CLOSES_WITHIN_MS },
    },
    ...besides,
  });
}

/** What must hold when clients have broken off. That the server goes on at all is claimed of every probe. */
export function abortClaims(): ProbeClaim[] {
  return [
    allServed("afterwards", "what one client breaks off takes nothing from the next"),
    noneWithoutRow(
      "after an RST the kernel has forgotten the connection, and only the program's close() frees the descriptor",
    ),
  ];
}
