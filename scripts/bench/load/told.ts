import type { LoadEndLine, LoadLine } from "../../../harness/load/line.ts";
import { foldHistograms, latencyMs } from "../../../harness/measure/load.ts";

/** The results that a load generator prints for its run. Results that it does not print are null. */
export interface Told {
  /** Answers that it counts as successful. */
  requests: number;
  /** These answers a second, by its own clock. */
  perSecond: number;
  /** All that it counts as failures: errors of sockets, timeouts, answers of another status. */
  failures: number;
  p50Ms: number | null;
  p99Ms: number | null;
  /** Requests that it sent, answered or not; absent when it does not print that. */
  sent?: number;
}

/** wrk's units of time, up to seconds (src/units.c, time_units_us). */
const MS = { us: 0.001, ms: 1, s: 1000 } as const;

/**
 * One of our clients with `--report histograms`. The counts include the warm-up, because the server's counts do. Rate and latencies do not
 * include it, and the rate does not include attempts that ended after the load's time.
 */
export function readOurs(said: string): Told {
  const lines = said
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as LoadLine | LoadEndLine);
  const end = lines.find((line) => line.kind === "load-end");
  if (end === undefined) throw new Error(`our client did not print its last line: ${said.slice(-400)}`);
  const all = [end.outcomes, end.warmUp.outcomes];
  const requests = sum(all.map(({ ok = 0 }) => ok));
  const total = foldHistograms(lines.flatMap((line) => (line.kind === "load" ? [line.total] : [])));
  const latency = latencyMs(total);
  return {
    requests,
    perSecond: end.okInTime / end.seconds,
    failures: sum(all.flatMap((outcomes) => Object.values(outcomes))) - requests,
    p50Ms: latency?.p50 ?? null,
    p99Ms: latency?.p99 ?? null,
  };
}

/** wrk 4.1 with --latency. */
export function readWrk(said: string): Told {
  const percentile = (percent: number): number | null => {
    const found = new RegExp(String.raw`^\s*${percent}%\s+([\d.]+)(us|ms|s)$`, "m").exec(said);
    return found === null ? null : Number(found[1]) * MS[found[2] as keyof typeof MS];
  };
  const socketErrors = /Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)/.exec(said);
  const otherStatus = /Non-2xx or 3xx responses: (\d+)/.exec(said);
  const refused = Number(otherStatus?.[1] ?? 0);
  return {
    requests: figure("wrk", said, /^\s*(\d+) requests in /m) - refused,
    perSecond: figure("wrk", said, /^Requests\/sec:\s+([\d.]+)$/m),
    failures: sum(socketErrors?.slice(1) ?? []) + refused,
    p50Ms: percentile(50),
    p99Ms: percentile(99),
  };
}

/** ApacheBench 2.3. Its percentiles are whole milliseconds. */
export function readAb(said: string): Told {
  const percentile = (percent: number): number | null => {
    const found = new RegExp(String.raw`^\s*${percent}%\s+(\d+)`, "m").exec(said);
    return found === null ? null : Number(found[1]);
  };
  const failures = figure("ab", said, /^Failed requests:\s+(\d+)$/m);
  const otherStatus = Number(/^Non-2xx responses:\s+(\d+)$/m.exec(said)?.[1] ?? 0);
  return {
    requests: figure("ab", said, /^Complete requests:\s+(\d+)$/m) - otherStatus,
    perSecond: figure("ab", said, /^Requests per second:\s+([\d.]+) /m),
    failures: failures + otherStatus,
    p50Ms: percentile(50),
    p99Ms: percentile(99),
  };
}

/** hey 0.1.4. Its own Requests/sec includes failures, so the rate is computed from its answers and its time. */
export function readHey(said: string): Told {
  const percentile = (percent: number): number | null => {
    const found = new RegExp(String.raw`^\s*${percent}% in ([\d.]+) secs$`, "m").exec(said);
    return found === null ? null : Math.round(Number(found[1]) * 10_000) / 10;
  };
  const requests = figure("hey", said, /^\s*\[200\]\s+(\d+) responses$/m);
  const statuses = [...said.matchAll(/^\s*\[\d+\]\s+(\d+) responses$/gm)].map(([, count]) => count!);
  const errors = said.split("Error distribution:")[1] ?? "";
  const failed = [...errors.matchAll(/^\s*\[(\d+)\]/gm)].map(([, count]) => count!);
  return {
    requests,
    perSecond: requests / figure("hey", said, /^\s*Total:\s+([\d.]+) secs$/m),
    failures: sum(statuses) - requests + sum(failed),
    p50Ms: percentile(50),
    p99Ms: percentile(99),
  };
}

/** autocannon 8 with --json. Its percentiles are whole milliseconds. */
export function readAutocannon(said: string): Told {
  const told = JSON.parse(said) as {
    [count in "2xx" | "errors" | "timeouts" | "mismatches" | "non2xx" | "resets"]: number;
  } & {
    start: string;
    finish: string;
    latency: { p50: number; p99: number };
    requests: { sent: number };
  };
  const seconds = (Date.parse(told.finish) - Date.parse(told.start)) / 1000;
  return {
    requests: told["2xx"],
    perSecond: told["2xx"] / seconds,
    failures: told.errors + told.timeouts + told.mismatches + told.non2xx + told.resets,
    p50Ms: told.latency.p50,
    p99Ms: told.latency.p99,
    sent: told.requests.sent,
  };
}

/** A figure that a tool always prints. Throws when it is missing, with the end of the output. */
function figure(tool: string, said: string, pattern: RegExp): number {
  const found = pattern.exec(said)?.[1];
  if (found === undefined)
    throw new Error(`${tool} did not print ${pattern.source}: ${said.trim().slice(-400)}`);
  return Number(found);
}

function sum(counts: (string | number)[]): number {
  return counts.reduce<number>((total, count) => total + Number(count), 0);
}
