import type { ComparisonPlan, RequestsEach } from "../../model/comparison.ts";
import type { ProgramPlan, Setup } from "../../model/setup.ts";
import { engineArgs, engineProgram, serverProgram } from "./setup.ts";

const PORT = 8080;
/** The server is as large as load makes it before connections are held, which are opened then. */
const WARM_UP_MS = 800;
export const HOLD_AFTER_MS = 1_600;
/** How fast they are opened: none waits in the accept queue. */
const OPENED_A_SECOND = 2_000;
const WITHIN_MS = 20_000;

/**
 * Two clients hold connections, each so many: what the one takes more than the other is for what it holds more. The few are there
 * sooner, and stay until the trial ends, which it does when the many go.
 */
export const FEW = { program: "few", connections: 97, holdMs: 10_000 };
export const MANY = { program: "many", connections: 997, holdMs: 1_200 };

/** A trial in which connections are opened, carry one request each, and are held without another word. */
export function holdSetup(plan: Pick<ComparisonPlan, "tls" | "connections">): Setup {
  const sysctls = { "net.ipv4.tcp_tw_reuse": "0" };
  const holders = [FEW, MANY].map((one): [string, ProgramPlan] => [one.program, holder(plan, one)]);
  return {
    hosts: { client: { sysctls }, server: { sysctls } },
    links: [{ kind: "direct", between: ["client", "server"] }],
    programs: {
      server: serverProgram(plan, PORT),
      "warm-short": warming(plan, 1),
      "warm-kept": warming(plan, null),
      ...Object.fromEntries(holders),
    },
    phases: [
      { name: "load", until: { exited: [MANY.program] }, withinMs: WITHIN_MS },
      { name: "drain", until: { elapsedMs: 20 } },
    ],
    interventions: [],
    observers: { sockets: { everyMs: 100 }, counters: { everyMs: 100 }, processes: { everyMs: 100 } },
  };
}

function warming(plan: Pick<ComparisonPlan, "tls" | "connections">, requestsEach: RequestsEach): ProgramPlan {
  return client(plan, requestsEach, [
    ...["--concurrency", String(plan.connections), "--duration-ms", String(WARM_UP_MS)],
  ]);
}

function holder(plan: Pick<ComparisonPlan, "tls">, { connections, holdMs }: typeof FEW): ProgramPlan {
  return client(plan, null, [
    ...["--concurrency", String(connections), "--attempts", String(connections)],
    ...["--rate", String(OPENED_A_SECOND), "--delay-ms", String(HOLD_AFTER_MS), "--hold-ms", String(holdMs)],
  ]);
}

function client(plan: Pick<ComparisonPlan, "tls">, requestsEach: RequestsEach, args: string[]): ProgramPlan {
  return {
    host: "client",
    role: "client",
    program: engineProgram(plan, requestsEach),
    args: ["--to", `{server}:${PORT}`, "--report", "histograms", ...args, ...engineArgs(plan, requestsEach)],
    limits: {},
    withinMs: WITHIN_MS,
  };
}
