import type { ComparisonPlan, Turn } from "../model/comparison.ts";
import type { LoadEndSample, LoadSample, Sample } from "../model/sample.ts";

// Comparisons made by hand, for tests. Fields that a test leaves out have ordinary values.

/** An ordinary plan. */
export function planOf(changes: Partial<ComparisonPlan> = {}): ComparisonPlan {
  return {
    arms: [1, 5, null],
    rttsMs: [0],
    connections: 7,
    repetitions: 3,
    seconds: 0.4,
    tls: false,
    insecure: false,
    ...changes,
  };
}

/** The result of an arm in one repetition: a thousand requests a second over kept connections. */
export function turn(changes: Partial<Turn> = {}): Turn {
  const times = { p50: 1, p99: 2 };
  return {
    requests: 400,
    perSecond: 1000,
    connectMs: null,
    firstByteMs: times,
    totalMs: times,
    serverCpuUs: 100,
    serverCores: 0.1,
    busy: null,
    clientCpuUs: 50,
    clientCores: 0.05,
    segments: 2,
    connectionsEach: 0,
    connectionsPerSecond: 0,
    timeWait: { client: 0, server: 0 },
    closedAfter: null,
    ports: { most: 7, taken: 7, range: 28_232, keptS: 60, slow: false },
    errors: {},
    ...changes,
  };
}

/** 100, 200 and 900 us, as clients report them: an HdrHistogram in base64. */
const HISTOGRAM = "HISTFAAAACl4nJNpmSzMwMDAycDAwMjAwMDMAAGMUJoJxj/OyHSUkekrFxMATbcD6w==";

/** A client's report of one second, and its report at the end: `requests` requests within 400 ms, each over its own connection. */
export function toldAt(
  endMs: number,
  program: string,
  requests: number,
  changes: Partial<LoadEndSample> = {},
): Sample[] {
  const moment = { atUs: endMs * 1000, phase: "load" as const };
  const outcomes = { ok: requests };
  const second: LoadSample = {
    ...moment,
    kind: "load",
    program,
    thread: 1,
    second: 1,
    outcomes,
    connections: requests,
    connect: HISTOGRAM,
    firstByte: HISTOGRAM,
    total: HISTOGRAM,
    pacing: null,
  };
  const end: LoadEndSample = {
    ...moment,
    kind: "load-end",
    program,
    thread: 1,
    seconds: 0.4,
    outcomes,
    okInTime: requests,
    connections: requests,
    warmUp: { outcomes: {}, connections: 0 },
    neverBegun: 0,
    endedBy: null,
    backedOffMs: 0,
    cpuMs: 20,
    longestLagMs: 0,
    ...changes,
  };
  return [second, end];
}
