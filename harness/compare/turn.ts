import { counterDelta } from "../measure/counters.ts";
import { localPorts, samplesOf } from "../measure/evidence.ts";
import { latencyMs, sumLoad, type LoadSum } from "../measure/load.ts";
import { processSeries } from "../measure/processes.ts";
import { socketSeries } from "../measure/sockets.ts";
import type { RequestsEach, Turn } from "../model/comparison.ts";
import type { Outcomes } from "../model/load.ts";
import type { Recording } from "../model/recording.ts";
import type { LoadEndSample } from "../model/sample.ts";
import { keptSeconds, slowFrom } from "../load/ports.ts";
import { clientHost } from "./setup.ts";

/** The shortest part of a turn from which the server's time is computed. In a shorter part, the times of the looks matter too much. */
const LEAST_SPAN_US = 150_000;

/** When an arm was measured, in microseconds of the trial. */
export interface Window {
  fromUs: number;
  toUs: number;
}

/** When a client measured in a repetition; null when it did not finish. */
export function windowOf(recording: Recording, program: string): Window | null {
  const ends = endsOf(recording, program);
  if (ends.length === 0) return null;
  const toUs = Math.max(...ends.map((end) => end.atUs));
  return { fromUs: toUs - Math.max(...ends.map((end) => end.seconds)) * 1e6, toUs };
}

/** The result of an arm in one repetition; null when its client did not finish, or no request succeeded in time. */
export function turnOf(
  recording: Recording,
  requestsEach: RequestsEach,
  server: { program: string; port: number },
): Turn | null {
  const host = clientHost(requestsEach);
  const window = windowOf(recording, host);
  const seconds = samplesOf(recording, "load").filter(({ program }) => program === host);
  const sum = sumLoad(seconds, endsOf(recording, host));
  if (window === null || sum.requests === 0 || sum.perSecond === 0) return null;
  const connections = sum.connections + sum.warmUp.connections;
  const all = sum.requests + (sum.warmUp.outcomes["ok"] ?? 0);
  const clientMs = sum.threads.reduce((total, { cpuMs }) => total + cpuMs, 0);
  const serverCores = coresOf(recording, server.program, window);
  return {
    requests: sum.requests,
    perSecond: sum.perSecond,
    connectMs: twoOf(sum.connect),
    firstByteMs: twoOf(sum.firstByte),
    totalMs: twoOf(sum.total),
    serverCpuUs: serverCores === null ? null : (serverCores * 1e6) / sum.perSecond,
    serverCores,
    busy: null,
    clientCpuUs: (clientMs * 1000) / (sum.perSecond * sum.seconds),
    clientCores: clientMs / (1000 * sum.seconds),
    segments: segmentsOf(recording, host, all),
    connectionsEach: connections / all,
    connectionsPerSecond: (connections / all) * sum.perSecond,
    // The lab's own server keeps every connection.
    closedAfter: null,
    timeWait: timeWaitOf(recording, host, server.port, sum),
    ports: portsOf(recording, host),
    errors: errorsOf([sum.outcomes, sum.warmUp.outcomes]),
  };
}

/** Why an arm has no result in a repetition, in words. */
export function noTurn(recording: Recording, requestsEach: RequestsEach): string {
  const host = clientHost(requestsEach);
  const ends = endsOf(recording, host);
  if (ends.length === 0) return `${host} did not finish`;
  const errors = errorsOf(ends.flatMap(({ outcomes, warmUp }) => [outcomes, warmUp.outcomes]));
  const words = Object.entries(errors).map(([outcome, count]) => `${count} ${outcome}`);
  if (words.length === 0) return `no answer came to ${host} within its turn`;
  return `no request of ${host} succeeded: ${words.join(", ")}`;
}

function endsOf(recording: Recording, client: string): LoadEndSample[] {
  return samplesOf(recording, "load-end").filter(({ program }) => program === client);
}

function twoOf(histogram: LoadSum["total"]): { p50: number; p99: number } | null {
  const latency = latencyMs(histogram);
  return latency === null ? null : { p50: latency.p50, p99: latency.p99 };
}

/** How many processors the server kept busy, from the first look in the window to the last. */
function coresOf(recording: Recording, program: string, { fromUs, toUs }: Window): number | null {
  const used = processSeries(recording, { host: "server", program }, "cpuMs");
  const { first, last } = used.window(fromUs, toUs);
  if (first === null || last === null || last.atUs - first.atUs < LEAST_SPAN_US) return null;
  return ((last.value - first.value) * 1000) / (last.atUs - first.atUs);
}

/** TCP segments that the client's host sent and received, per request. */
function segmentsOf(recording: Recording, host: string, requests: number): number | null {
  const sent = counterDelta(recording, { host, counter: "TcpOutSegs" });
  const received = counterDelta(recording, { host, counter: "TcpInSegs" });
  return sent === null || received === null ? null : (sent + received) / requests;
}

/**
 * The client's host belongs to this arm alone. A server that all arms share has the sockets of all arms: if it holds any in TIME-WAIT,
 * those of this arm are the connections that the server closed first.
 */
function timeWaitOf(recording: Recording, host: string, port: number, sum: LoadSum): Turn["timeWait"] {
  const timeWait = { state: "TIME-WAIT", port } as const;
  const client = socketSeries(recording, { ...timeWait, host, side: "connector" }).peak?.value ?? null;
  const all = socketSeries(recording, { ...timeWait, host: "server", side: "listener" }).peak?.value ?? null;
  return { client, server: all === 0 || all === null ? all : (sum.endedBy?.serverFin ?? null) };
}

/** The setup turns the reuse of ports in TIME-WAIT off, so connect() can use none of those that are in use. */
function portsOf(recording: Recording, host: string): Turn["ports"] {
  const most = socketSeries(recording, { host, side: "connector" }).peak?.value ?? null;
  const range = localPorts(recording, host);
  const from = range === null ? null : slowFrom(range);
  const slow = from !== null && most !== null && most >= from;
  return { most, taken: most, range, keptS: keptSeconds({ reused: false }), slow };
}

function errorsOf(all: Outcomes[]): Record<string, number> {
  const errors: Record<string, number> = {};
  for (const outcomes of all) {
    for (const [outcome, count] of Object.entries(outcomes)) {
      if (outcome !== "ok" && count > 0) errors[outcome] = (errors[outcome] ?? 0) + count;
    }
  }
  return errors;
}
