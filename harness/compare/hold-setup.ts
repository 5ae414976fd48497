import type { ComparisonPlan, RequestsEach } from "../model/comparison.ts";
import type { Setup } from "../model/setup.ts";
import { setupOf } from "../model/short-setup.ts";
import { engineArgs, engineProgram, serverProgram } from "./setup.ts";

const PORT = 8080;
/** How long the server is loaded first, so that its memory has grown before the held connections are opened. */
const WARM_UP_MS = 800;
export const HOLD_AFTER_MS = 1_600;
/** How fast the held connections are opened: slowly enough that none waits in the accept queue. */
const OPENED_A_SECOND = 2_000;

/**
 * Two clients hold connections, one many and one few. The difference in their memory is the cost of the additional connections. The
 * client with few opens them sooner and holds them until the trial ends, which is when the client with many closes its connections.
 */
export const FEW = { program: "few", connections: 97, holdMs: 10_000 };
export const MANY = { program: "many", connections: 997, holdMs: 1_200 };

/** A trial in which connections are opened, carry one request each, and are then held idle. */
export function holdSetup(plan: Pick<ComparisonPlan, "tls" | "connections">): Setup {
  return setupOf({
    sysctls: { "net.ipv4.tcp_tw_reuse": "0" },
    servers: { server: serverProgram(plan, PORT) },
    clients: {
      "warm-short": warming(plan, 1),
      "warm-kept": warming(plan, null),
      [FEW.program]: holder(plan, FEW),
      [MANY.program]: holder(plan, MANY),
    },
    phases: [
      { name: "load", until: { exited: [MANY.program] } },
      { name: "drain", until: { elapsedMs: 20 } },
    ],
    everyMs: { sockets: 100, counters: 100, processes: 100 },
  });
}

function warming(plan: Pick<ComparisonPlan, "tls" | "connections">, requestsEach: RequestsEach): string {
  return client(plan, requestsEach, `--concurrency ${plan.connections} --duration-ms ${WARM_UP_MS}`);
}

function holder(plan: Pick<ComparisonPlan, "tls">, { connections, holdMs }: typeof FEW): string {
  const opened = `--concurrency ${connections} --attempts ${connections} --rate ${OPENED_A_SECOND}`;
  return client(plan, null, `${opened} --delay-ms ${HOLD_AFTER_MS} --hold-ms ${holdMs}`);
}

function client(plan: Pick<ComparisonPlan, "tls">, requestsEach: RequestsEach, flags: string): string {
  const to = `${engineProgram(plan, requestsEach)} --to {server}:${PORT} --report histograms`;
  return [to, flags, ...engineArgs(plan, requestsEach)].join(" ");
}
