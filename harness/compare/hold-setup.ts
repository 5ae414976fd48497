import type { ComparisonPlan, RequestsEach } from "../model/comparison.ts";
import type { Condition, InterventionPlan, Setup } from "../model/setup.ts";
import { setupOf } from "../model/short-setup.ts";
import { engineArgs, engineProgram, serverProgram } from "./setup.ts";

/** How many trials hold idle connections. They run at the same time, because they only wait. */
export const HOLDS = 3;

const PORT = 8080;
/** How long the server is loaded first, so that its memory has grown before the held connections are opened. */
const WARM_UP_MS = 800;
/** After the warm-up: the memory of the server is observed at least twice, without a load. */
const REST_MS = 250;
/** How fast the held connections are opened: slowly enough that none waits in the accept queue. */
const OPENED_A_SECOND = 2_000;

/**
 * Two clients hold connections, one many and one few. The difference in their memory is the cost of the additional connections. The
 * client with few opens them sooner and holds them until the trial ends, which is when the client with many closes its connections.
 */
export const FEW = { program: "few", connections: 97, holdMs: 10_000 };
export const MANY = { program: "many", connections: 997, holdMs: 1_200 };

/** The intervention at which the connections are opened. */
export const OPENING = "open";

const WARMING = ["warm-short", "warm-kept"] as const;

/** A trial in which connections are opened, carry one request each, and are then held idle. */
export function holdSetup(plan: Pick<ComparisonPlan, "tls" | "connections">): Setup {
  return setupOf({
    sysctls: { "net.ipv4.tcp_tw_reuse": "0" },
    servers: { server: serverProgram(plan, PORT) },
    clients: {
      [WARMING[0]]: warming(plan, 1),
      [WARMING[1]]: warming(plan, null),
      [FEW.program]: holder(plan, FEW),
      [MANY.program]: holder(plan, MANY),
    },
    phases: [
      { name: "load", until: { exited: [MANY.program] } },
      { name: "drain", until: { elapsedMs: 20 } },
    ],
    interventions: [opening(OPENING, FEW.program), opening(`${OPENING} many`, MANY.program)],
    everyMs: { sockets: 100, counters: 100, processes: 100 },
  });
}

/** Lets a client open its connections when both clients are ready and the warm-up has been over for some time. */
function opening(name: string, program: string): InterventionPlan {
  const condition: Condition = { all: [{ ready: [FEW.program, MANY.program] }, { exited: [...WARMING] }] };
  const when: Condition = { heldForMs: REST_MS, condition };
  return { name, phase: "load", when, do: { signal: "SIGCONT", program } };
}

function warming(plan: Pick<ComparisonPlan, "tls" | "connections">, requestsEach: RequestsEach): string {
  return client(plan, requestsEach, `--concurrency ${plan.connections} --duration-ms ${WARM_UP_MS}`);
}

function holder(plan: Pick<ComparisonPlan, "tls">, { connections, holdMs }: typeof FEW): string {
  const opened = `--concurrency ${connections} --attempts ${connections} --rate ${OPENED_A_SECOND}`;
  return client(plan, null, `${opened} --at-signal --hold-ms ${holdMs}`);
}

function client(plan: Pick<ComparisonPlan, "tls">, requestsEach: RequestsEach, flags: string): string {
  const to = `${engineProgram(plan, requestsEach)} --to {server}:${PORT} --report histograms`;
  return [to, flags, ...engineArgs(plan, requestsEach)].join(" ");
}
