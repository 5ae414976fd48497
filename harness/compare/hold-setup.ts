import type { ComparisonPlan, RequestsEach } from "../model/comparison.ts";
import type { Setup } from "../model/setup.ts";
import { setupOf } from "../model/short-setup.ts";
import { engineArgs, engineProgram, serverProgram } from "./setup.ts";

const PORT = 8080;
/** The server is as large as load makes it before connections are held, which are opened then. */
const WARM_UP_MS = 800;
export const HOLD_AFTER_MS = 1_600;
/** How fast they are opened: none waits in the accept queue. */
const OPENED_A_SECOND = 2_000;

/**
 * Two clients hold connections, each so many: what the one takes more than the other is for what it holds more. The few are there
 * sooner, and stay until the trial ends, which it does when the many go.
 */
export const FEW = { program: "few", connections: 97, holdMs: 10_000 };
export const MANY = { program: "many", connections: 997, holdMs: 1_200 };

/** A trial in which connections are opened, carry one request each, and are held without another word. */
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
