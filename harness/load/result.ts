import { countFrom, latencyMs, sumLoad, type LatencyMs, type LoadSum } from "../measure/load.ts";
import type { Outcomes } from "../model/load.ts";
import { type BystanderFigures, bystanderFigures, segmentsSeen } from "./bystanders.ts";
import { busiest, type Busy } from "./busy.ts";
import { endedThreadsCores } from "./ended-threads.ts";
import type { EngineName, Mode } from "./load-plan.ts";
import type { LoadRun, Look, LookCost } from "./load-run.ts";
import { portUse, statesOf, type PortUse } from "./ports.ts";
import { reasonsOf } from "./reason.ts";
import { type Stalls, stallsOf } from "./stalls.ts";
import { countOf, errorsOf, secondFigures, type SecondFigures } from "./seconds.ts";

/** The outcome of an attempt that found no free port (connect(2)). */
const NO_PORT = "connect EADDRNOTAVAIL";
/** If a greater share of attempts failed, the segments are no longer only those of requests that succeeded. */
const FEW = 0.01;

/** The figures of a load. A figure that could not be measured is null, and `notMeasured` has the reason under its name. */
export interface LoadFigures {
  engine: EngineName;
  mode: Mode;
  /** Requests that ended `ok` after the warm-up. */
  requests: number;
  seconds: number;
  perSecond: number | null;
  latencyMs: Record<Phase, LatencyMs | null>;
  /** By phase and code. */
  errors: Outcomes;
  /** Attempts under way when the load was ended from outside. */
  cancelled: number;
  /** The sockets of the whole load, warm-up included, and how many a client needs that never closes one. */
  socketsUsed: number;
  perfectSockets: number;
  /** Connections to the target left in TIME-WAIT after the load, and before it. */
  timeWait: { client: number; server: number | null };
  timeWaitBefore: { client: number; server: number | null };
  connects: ConnectFigures;
  generator: GeneratorFigures;
  server: Busy | null;
  endedBy: LoadSum["endedBy"];
  segmentsPerRequest: number | null;
  ports: PortUse;
  counters: Record<string, number>;
  /** `neverBegun`: requests that were due in the warm-up and found no free connection until the end of the load. */
  warmUp: { requests: number; sockets: number; neverBegun: number };
  /** The traffic of other connections in this namespace meanwhile, as far as samples and counters show it. */
  bystanders: BystanderFigures;
  perSecondSeries: SecondFigures[];
  looks: LookCost;
  /** Why attempts fail in these ways, in sentences without their stop; only of those whose name does not say it all. */
  errorReasons: Record<string, string>;
  notMeasured: Record<string, string>;
}

/** Connections that opened late, because a SYN got no answer. */
export interface ConnectFigures {
  /** How many took FIRST_RETRY_US or longer, in a namespace in which SYNs were sent again (TcpExtTCPSynRetrans). */
  afterRetry: number;
  /** The limit of the accept queue of the socket that listens on the target's port in this namespace (listen(2)); null: unknown. */
  backlog: number | null;
}

/** When the first retry of a SYN is due (RFC 6298 section 2: 1 s; TCP_TIMEOUT_INIT, include/net/tcp.h). */
const FIRST_RETRY_US = 1_000_000;

export const PHASES = ["connect", "firstByte", "total"] as const;
export type Phase = (typeof PHASES)[number];

export interface GeneratorFigures {
  /** Of the busiest thread, as a share of one processor's time. `busy` includes the time in which it waited for a processor. */
  cpu: number | null;
  busy: number | null;
  lagMs: number | null;
  /** The stalls of its event loop of 10 ms or longer, the longest first, with the number of attempts that were under way in them. */
  stalls: Stalls;
  /** With a rate: how late requests that were due were begun. */
  pacingMs: LatencyMs | null;
  backedOffMs: number;
  neverBegun: number;
}

/** The figures of a load, from what its program reported and what was observed beside it. */
export function loadFigures(run: LoadRun): LoadFigures {
  const { plan, looks } = run;
  const sum = sumLoad(run.seconds, run.ends);
  const errors = errorsOf(sum.outcomes);
  const attempts = countOf(sum.outcomes) + countOf(sum.warmUp.outcomes) - sum.neverBegun;
  const ended = run.ends.length > 0;
  const between = measuredBetween(run, sum);
  const figures: LoadFigures = {
    engine: plan.engine,
    mode: plan.mode,
    requests: sum.requests,
    seconds: ended ? sum.seconds : new Set(run.seconds.map(({ second }) => second)).size,
    perSecond: ended ? sum.perSecond : null,
    latencyMs: {
      connect: latencyMs(sum.connect),
      firstByte: latencyMs(sum.firstByte),
      total: latencyMs(sum.total),
    },
    errors,
    cancelled: countOf(sum.outcomes) - sum.requests - countOf(errors),
    socketsUsed: sum.connections + sum.warmUp.connections,
    perfectSockets: Math.min(plan.connections, attempts),
    timeWait: timeWait(looks.at(-1), run),
    timeWaitBefore: timeWait(looks[0], run),
    connects: connectFigures(run, sum),
    generator: generatorFigures(run, sum, between),
    server: endedThreadsCores(looks, between) > 0 ? null : busiest(looks, between, (look) => look.server),
    endedBy: sum.endedBy,
    segmentsPerRequest: null,
    ports: portUse(looks, run.surroundings, plan.to.address, {
      ...between,
      exhausted: noPort(sum),
    }),
    counters: looks.at(-1)?.counters.deltas ?? {},
    warmUp: {
      requests: sum.warmUp.outcomes["ok"] ?? 0,
      sockets: sum.warmUp.connections,
      neverBegun: sum.warmUp.outcomes["never begun"] ?? 0,
    },
    bystanders: bystanderFigures(run, sum),
    perSecondSeries: perSecondSeries(run),
    looks: run.cost,
    errorReasons: reasonsOf(errors, plan),
    notMeasured: {},
  };
  figures.segmentsPerRequest = segmentsPerRequest(figures, sum, run);
  figures.notMeasured = notMeasured(figures, sum, run);
  return figures;
}

function noPort({ outcomes, warmUp }: LoadSum): number {
  return (outcomes[NO_PORT] ?? 0) + (warmUp.outcomes[NO_PORT] ?? 0);
}

function connectFigures({ looks }: LoadRun, sum: LoadSum): ConnectFigures {
  const resent = looks.at(-1)?.counters.deltas["TcpExtTCPSynRetrans"] ?? 0;
  return {
    afterRetry: resent === 0 ? 0 : countFrom(sum.connect, FIRST_RETRY_US),
    backlog: looks.findLast(({ backlog }) => backlog !== null)?.backlog ?? null,
  };
}

/**
 * From the end of the warm-up to the end of the load, on CLOCK_MONOTONIC. Without a last line (the program did not finish), it is computed
 * from the lines of the seconds.
 */
function measuredBetween({ seconds, ends }: LoadRun, sum: LoadSum): { fromUs: number; toUs: number } {
  if (ends.length > 0) {
    const toUs = Math.max(...ends.map(({ monotonicUs }) => monotonicUs));
    return { fromUs: toUs - sum.seconds * 1e6, toUs };
  }
  const fromUs = (seconds.find(({ second }) => second === 1)?.monotonicUs ?? 1e6) - 1e6;
  return { fromUs, toUs: seconds.at(-1)?.monotonicUs ?? fromUs };
}

function timeWait(
  look: Look | undefined,
  { surroundings }: LoadRun,
): { client: number; server: number | null } {
  const groups = look?.sockets.groups ?? [];
  return {
    client: statesOf(groups, "connector")["TIME-WAIT"] ?? 0,
    server: surroundings.bothEndsHere ? (statesOf(groups, "listener")["TIME-WAIT"] ?? 0) : null,
  };
}

function generatorFigures(
  run: LoadRun,
  sum: LoadSum,
  between: { fromUs: number; toUs: number },
): GeneratorFigures {
  const seen = busiest(run.looks, between, (look) => look.generator);
  const told = run.ends.filter(({ seconds }) => seconds > 0);
  const cpu =
    told.length === 0
      ? (seen?.cpu ?? null)
      : Math.max(...told.map(({ cpuMs, seconds }) => cpuMs / 1000 / seconds));
  return {
    cpu,
    // The processor time that it reports covers exactly the measured seconds. Its waits are only in the looks.
    busy: cpu === null || seen === null ? null : Math.min(1, cpu + seen.busy - seen.cpu),
    lagMs: sum.threads.length === 0 ? null : Math.max(...sum.threads.map((thread) => thread.longestLagMs)),
    stalls: stallsOf(run.ends),
    pacingMs: latencyMs(sum.pacing),
    backedOffMs: sum.backedOffMs,
    neverBegun: sum.neverBegun,
  };
}

/** Segments per request in both directions, warm-up included, because the counters cover the whole load. */
function segmentsPerRequest(figures: LoadFigures, sum: LoadSum, run: LoadRun): number | null {
  const requests = figures.requests + figures.warmUp.requests;
  const attempts = countOf(sum.outcomes) + countOf(sum.warmUp.outcomes);
  if (requests < (1 - FEW) * attempts || requests === 0) return null;
  const { TcpOutSegs: sent = 0, TcpInSegs: received = 0 } = figures.counters;
  return segmentsSeen({ sent, received }, run.surroundings) / requests;
}

function perSecondSeries({ seconds }: LoadRun): SecondFigures[] {
  const series = [...new Set(seconds.map(({ second }) => second))]
    .toSorted((a, b) => a - b)
    .map((second) =>
      secondFigures(
        second,
        seconds.filter((line) => line.second === second),
      ),
    );
  // The part after the last whole second is mostly empty.
  const last = series.at(-1);
  return last !== undefined && last.ok + last.errors === 0 && series.length > 1
    ? series.slice(0, -1)
    : series;
}

/** Why each figure that is null is so. */
function notMeasured(figures: LoadFigures, sum: LoadSum, run: LoadRun): Record<string, string> {
  const { engine } = run.plan;
  const reasons: Record<string, string> = {};
  if (figures.perSecond === null) reasons["perSecond"] = "the load program did not finish";
  for (const phase of PHASES) {
    if (figures.latencyMs[phase] === null) reasons[`latencyMs.${phase}`] = noTime(phase, sum, run);
  }
  if (figures.timeWait.server === null) {
    reasons["timeWait.server"] = `${run.plan.to.address} is not in this network namespace`;
  }
  if (figures.generator.cpu === null) reasons["generator.cpu"] = "the load program did not finish";
  if (figures.generator.busy === null) {
    reasons["generator.busy"] = "its threads were observed less than twice during the load";
  }
  if (figures.generator.lagMs === null) reasons["generator.lagMs"] = "the load program did not finish";
  if (figures.generator.pacingMs === null) {
    const without = run.plan.ratePerSecond === 0;
    reasons["generator.pacingMs"] = without
      ? "without a rate, no request has a due time"
      : `${engine} did not report how late requests were begun`;
  }
  if (figures.server === null) reasons["server"] = noServer(run, sum);
  if (figures.endedBy === null) {
    reasons["endedBy"] =
      run.ends.length === 0
        ? "the load program did not report which end closed first"
        : `${engine} cannot tell which end closed first`;
  }
  if (figures.segmentsPerRequest === null) {
    reasons["segmentsPerRequest"] = "segments of failed attempts cannot be separated from the others";
  }
  return reasons;
}

function noTime(phase: Phase, sum: LoadSum, run: LoadRun): string {
  const { plan } = run;
  if (sum[phase] === null && sum.requests > 0) return `${plan.engine} cannot measure it`;
  if (run.exit.how === "interrupted" && sum.seconds === 0) return "the load was ended during its warm-up";
  if (phase !== "connect") return "no request succeeded";
  if (sum.warmUp.connections + sum.connections > 0 && plan.to.scheme === "https" && sum.requests === 0) {
    return "no TLS handshake was over";
  }
  return sum.warmUp.connections > 0 && sum.connections === 0
    ? "no connection was opened after the warm-up"
    : "no connection was made";
}

function noServer(run: LoadRun, sum: LoadSum): string {
  const { surroundings, plan, looks } = run;
  const cores = endedThreadsCores(looks, measuredBetween(run, sum));
  if (cores > 0)
    return `its threads end: those that ended used ${cores.toFixed(2)} of a processor, and how busy each was is not known`;
  if (!surroundings.bothEndsHere) return `${plan.to.address} is not in this network namespace`;
  const listens = looks.some(({ sockets }) =>
    sockets.groups.some(({ state, port }) => state === "LISTEN" && port === plan.to.port),
  );
  return listens
    ? `the process that listens on port ${plan.to.port} could not be observed, or not for long enough`
    : `nothing listens on port ${plan.to.port}`;
}
