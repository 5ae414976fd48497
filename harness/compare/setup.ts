import type { ComparisonPlan, RequestsEach } from "../model/comparison.ts";
import type { Condition, InterventionPlan, Setup } from "../model/setup.ts";
import { setupOf, type ShortLink, type ShortProgram } from "../model/short-setup.ts";
import { armId } from "./arm.ts";
import { areSideBySide, betweenMs, turnsLastMs, turnsOf, type TurnPlan } from "./turns.ts";

/** The port of the server that all arms use in turn. Arms that run side by side use one port each, from this one on. */
const FIRST_PORT = 8080;
/** How long both kinds of load run before the first turn, so that the server's code is compiled. */
const SERVER_WARM_UP_MS = 600;
/** The programs that warm up the server. */
export const WARMING: { program: string; requestsEach: RequestsEach }[] = [
  { program: "warm-short", requestsEach: 1 },
  { program: "warm-keep-alive", requestsEach: null },
];
/** How much longer than its turns a trial can take on a busy machine. */
const SPARE_MS = 20_000;
/** After the last turn: time for FINs on the longest wire to be answered, and for the last look. */
const DRAIN_MS = 60;

/** TIME-WAIT is counted. So its ports are not reused, and none ends early because there are too many. The range is Linux's default. */
const SYSCTLS = {
  "net.ipv4.tcp_tw_reuse": "0",
  "net.ipv4.tcp_max_tw_buckets": "262144",
  "net.ipv4.ip_local_port_range": "32768 60999",
};

/** The host of an arm's client, and the name of its program. */
export function clientHost(requestsEach: RequestsEach): string {
  return `client-${armId(requestsEach)}`;
}

/** The server of an arm: the name of its program, and its port. */
export function serverOf(
  plan: Pick<ComparisonPlan, "arms" | "tls">,
  rttMs: number,
  requestsEach: RequestsEach,
): { program: string; port: number } {
  if (!areSideBySide(plan, rttMs)) return { program: "server", port: FIRST_PORT };
  const nth = plan.arms.indexOf(requestsEach);
  return { program: `server-${armId(requestsEach)}`, port: FIRST_PORT + nth };
}

/**
 * One repetition at one round-trip time. Each arm has its own host with its own client. Another host has one server for all arms, or one
 * for each if the arms run side by side. The host `client` only warms up the server that all arms share. A client is started with all
 * others, and waits for its turn.
 */
export function comparisonSetup(plan: ComparisonPlan, rttMs: number, repetition: number): Setup {
  const turns = turnsOf(plan, rttMs, repetition);
  const withinMs = SERVER_WARM_UP_MS + turnsLastMs(plan, rttMs, turns) + SPARE_MS;
  const arms = turns.map(({ requestsEach }) => clientHost(requestsEach));
  const clients = turns.map((turn): [string, ShortProgram] => {
    const host = clientHost(turn.requestsEach);
    const { port } = serverOf(plan, rttMs, turn.requestsEach);
    return [host, { run: `${loadCommand(plan, turn, port)} --at-signal`, host, withinMs }];
  });
  const servers = plan.arms.map((requestsEach): [string, ShortProgram] => {
    const { program, port } = serverOf(plan, rttMs, requestsEach);
    return [program, serverProgram(plan, port)];
  });
  return setupOf({
    sysctls: SYSCTLS,
    links: [{ kind: "direct", between: ["client", "server"] }, ...arms.map((host) => linkTo(host, rttMs))],
    servers: Object.fromEntries(servers),
    clients: Object.fromEntries([...warming(plan, rttMs, withinMs), ...clients]),
    phases: [
      { name: "load", until: { exited: arms } },
      { name: "drain", until: { elapsedMs: DRAIN_MS + 4 * rttMs } },
    ],
    interventions: beginnings(plan, rttMs, turns),
    everyMs: { sockets: 500, counters: 2000, processes: 50 },
  });
}

/**
 * The beginning of each turn. The first turn begins when all clients are ready and the server is warm, and each later one when the turn
 * before it is over. So no turn begins too early, however busy the machine is. Arms that run side by side begin when all are ready.
 */
function beginnings(plan: ComparisonPlan, rttMs: number, turns: readonly TurnPlan[]): InterventionPlan[] {
  const hosts = turns.map(({ requestsEach }) => clientHost(requestsEach));
  const ready: Condition = { ready: hosts };
  return hosts.map((program, nth) => {
    const before = nth === 0 ? WARMING.map((one) => one.program) : hosts.slice(nth - 1, nth);
    const free: Condition = { all: [ready, { exited: before }] };
    return {
      name: `turn of ${armId(turns[nth]?.requestsEach ?? null)}`,
      phase: "load",
      when: areSideBySide(plan, rttMs) ? ready : { heldForMs: betweenMs(rttMs), condition: free },
      do: { signal: "SIGCONT", program },
    };
  });
}

/** Both kinds of load on the shared server, before the first turn. */
function warming(plan: ComparisonPlan, rttMs: number, withinMs: number): [string, ShortProgram][] {
  if (areSideBySide(plan, rttMs)) return [];
  return WARMING.map(({ program, requestsEach }) => {
    const turn = { requestsEach, warmUpMs: 0, durationMs: SERVER_WARM_UP_MS };
    return [program, { run: loadCommand(plan, turn, FIRST_PORT), withinMs }];
  });
}

function linkTo(host: string, rttMs: number): ShortLink {
  if (rttMs === 0) return { kind: "direct", between: [host, "server"] };
  return { kind: "wire", between: [host, "server"], delayMs: rttMs / 2, seed: 1, segments: "counted" };
}

/** The project's own correct server. */
export function serverProgram({ tls }: Pick<ComparisonPlan, "tls">, port: number): ShortProgram {
  const program = tls ? "short-against-long/https-server" : "short-against-long/http-server";
  return { run: `${program} --port ${port}`, withinMs: 20_000 };
}

function loadCommand(plan: ComparisonPlan, turn: TurnPlan, port: number): string {
  const { durationMs, warmUpMs, requestsEach } = turn;
  return [
    `${engineProgram(plan, requestsEach)} --to {server}:${port} --report histograms --concurrency ${plan.connections}`,
    `--duration-ms ${durationMs} --warm-up-ms ${warmUpMs}`,
    ...engineArgs(plan, requestsEach),
  ].join(" ");
}

/** The load program of an arm: the raw engine, or undici for https. */
export function engineProgram({ tls }: Pick<ComparisonPlan, "tls">, requestsEach: RequestsEach): string {
  if (tls) return "clients/undici";
  return requestsEach === 1 ? "clients/short-http" : "clients/long-http";
}

/** The options of the load program that are specific to the arm. */
export function engineArgs({ tls }: Pick<ComparisonPlan, "tls">, requestsEach: RequestsEach): string[] {
  const each =
    requestsEach === null || (requestsEach === 1 && !tls)
      ? []
      : ["--requests-per-connection", String(requestsEach)];
  return tls ? ["--tls", "--insecure", ...each] : each;
}
