import { latencyMs, sumLoad } from "../measure/load.ts";
import type { ComparisonPlan, RequestsEach, Turn } from "../model/comparison.ts";
import { type Endpoint, type LoadPlan, ORDINARY } from "../load/load-plan.ts";
import type { LoadRun, Look } from "../load/load-run.ts";
import { ownSockets } from "./own-sockets.ts";
import { wereSlow } from "../load/port-doubt.ts";
import { keptSeconds } from "../load/ports.ts";
import { loadFigures, type LoadFigures } from "../load/result.ts";
import { closedAfter } from "./closed-after.ts";
import { STOPPED } from "./missing.ts";

/** How long an arm runs before it is measured. Its load program starts some time before that. */
const WARM_UP_MS = 200;

/** An arm's turn as a load on a server that already runs. https uses undici. */
export function livePlan(plan: ComparisonPlan, to: Endpoint, requestsEach: RequestsEach): LoadPlan {
  return {
    ...ORDINARY,
    to,
    engine: to.scheme === "https" ? "undici" : "raw",
    insecure: plan.insecure,
    mode: requestsEach === 1 ? "short" : "keep-alive",
    requestsPerConnection: requestsEach ?? Infinity,
    connections: plan.connections,
    warmUpMs: WARM_UP_MS,
    durationMs: Math.round(plan.seconds * 1000),
  };
}

/** The result of an arm in such a load, or what went wrong, in one sentence. */
export function liveTurn(run: LoadRun): { turn: Turn; unseen: Record<string, string> } | { fault: string } {
  const { exit, ends, seconds, looks } = run;
  const sum = sumLoad(seconds, ends);
  if (exit.how === "interrupted") return { fault: STOPPED };
  if (exit.how === "overdue") return { fault: "its load program did not end" };
  if (ends.length === 0)
    return { fault: `its load program printed no result: ${exit.lastLines.at(-1) ?? "nothing"}` };
  const figures = loadFigures(run);
  // An arm whose rate is 0 has no cost of a request either.
  if (sum.requests === 0 || sum.perSecond === 0) return { fault: noAnswer(figures) };
  const toUs = Math.max(...ends.map((end) => end.monotonicUs));
  const seenCores = coresOf(looks, toUs - sum.seconds * 1e6, toUs);
  const othersAnswer = seenCores !== null && (seenCores * 1e6) / sum.perSecond < LEAST_US;
  const serverCores = othersAnswer ? null : seenCores;
  const clientMs = sum.threads.reduce((total, { cpuMs }) => total + cpuMs, 0);
  const requests = sum.requests + (sum.warmUp.outcomes["ok"] ?? 0);
  const connectionsEach = figures.socketsUsed / requests;
  const { ports, endedBy } = figures;
  const own = ownSockets(looks, {
    used: figures.socketsUsed,
    serverCloses: (endedBy?.serverFin ?? 0) > (endedBy?.clientFin ?? 0),
  });
  const turn: Turn = {
    requests: sum.requests,
    perSecond: sum.perSecond,
    connectMs: latencyMs(sum.connect),
    firstByteMs: latencyMs(sum.firstByte),
    totalMs: latencyMs(sum.total),
    serverCores,
    busy: busyOf(figures),
    serverCpuUs: serverCores === null ? null : (serverCores * 1e6) / sum.perSecond,
    clientCpuUs: (clientMs * 1000) / (sum.perSecond * sum.seconds),
    clientCores: clientMs / (1000 * sum.seconds),
    segments: figures.segmentsPerRequest,
    connectionsEach,
    connectionsPerSecond: connectionsEach * sum.perSecond,
    closedAfter: closedAfter(run.plan, figures),
    timeWait: {
      client: own.clientTimeWait,
      server: figures.timeWait.server === null ? null : own.serverTimeWait,
    },
    ports: {
      most: own.ports,
      taken: ports.mostTaken,
      range: ports.usable,
      keptS: keptSeconds(ports),
      slow: wereSlow(ports, figures.seconds),
    },
    errors: figures.errors,
  };
  const reasons = othersAnswer ? { ...figures.notMeasured, server: OTHERS_ANSWER } : figures.notMeasured;
  return { turn, unseen: unseenOf(reasons, turn) };
}

/** No server answers a request in less processor time: one system call takes about as much. */
const LEAST_US = 1;
/** Why a server has no processor time although its processes were observed, and used less. */
const OTHERS_ANSWER = "the processes that listen used no processor time, so others answer";

/** Why a turn has no result although its load program ended well. */
function noAnswer({ errors, seconds }: LoadFigures): string {
  const [most] = Object.keys(errors);
  if (most === undefined)
    return `no answer came within the turn of ${seconds.toFixed(1)} s (a longer --duration makes turns longer)`;
  return `no request succeeded: ${most}${hintOn(most)}`;
}

function busyOf({ generator, server }: LoadFigures): Turn["busy"] {
  const client = generator.busy ?? generator.cpu;
  return client === null ? null : { client, server: server?.busy ?? null };
}

/** Codes of OpenSSL and Node for a certificate that does not verify: they name the certificate, its chain or its name. */
const CERTIFICATE = /CERT|SELF_SIGNED|UNABLE_TO_/;

function hintOn(outcome: string): string {
  return CERTIFICATE.test(outcome)
    ? ", so the server's certificate does not verify (--insecure accepts it)"
    : "";
}

function unseenOf(reasons: Record<string, string>, turn: Turn): Record<string, string> {
  const unseen: [string, unknown, string | undefined][] = [
    ["serverCpuUs", turn.serverCpuUs, reasons["server"] ?? "it was observed less than twice during the load"],
    ["segments", turn.segments, reasons["segmentsPerRequest"]],
    ["timeWait.server", turn.timeWait.server, reasons["timeWait.server"]],
    ["connectMs", turn.connectMs, reasons["latencyMs.connect"]],
  ];
  return Object.fromEntries(
    unseen.flatMap(([figure, value, reason]) =>
      value === null ? [[figure, reason ?? "it was not observed"]] : [],
    ),
  );
}

/**
 * How many processors the server kept busy, from the first look at it within a time to the last. The time of its processes counts, not
 * the sum over their threads: a server with a thread for each connection has most of its time in threads that have ended.
 */
function coresOf(looks: readonly Look[], fromUs: number, toUs: number): number | null {
  const seen = looks.flatMap(({ monotonicUs, serverCpuMs }) =>
    monotonicUs >= fromUs && monotonicUs <= toUs && serverCpuMs !== null
      ? [{ monotonicUs, serverCpuMs }]
      : [],
  );
  const [first, last] = [seen[0], seen.at(-1)];
  if (first === undefined || last === undefined || first === last) return null;
  return ((last.serverCpuMs - first.serverCpuMs) * 1000) / (last.monotonicUs - first.monotonicUs);
}
