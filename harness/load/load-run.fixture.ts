import type { SocketGroup } from "../model/sample.ts";
import type { LoadEndLine, LoadLine } from "./line.ts";
import { type LoadPlan, ORDINARY } from "./load-plan.ts";
import type { LoadRun, Look } from "./load-run.ts";

/** HdrHistograms of microseconds, as load programs print them: an empty one, and one with 1 ms, 2 ms and so on to 100 ms. */
const NOTHING = "HISTFAAAABp4nJNpmSzMwMDACMXMDBDACKWZ4HwAMzIBUA==";
export const HUNDRED =
  "HISTFAAAAFl4nJNpmSzMwMBwk4GBgZGBgYGZAQIYIeT//zD+eX6ms/xMUzmYnrIzLWRh+sgMRcuZmL4zYkErGZmqmSrx4GwmayZrJlswSR6tyyTNJMski0SSwwcAZzMmuw==";

/** The plan of these runs: 11 connections for 2 s after a warm-up of 1 s. */
export const PLAN: LoadPlan = {
  ...ORDINARY,
  to: { scheme: "http", address: "127.0.0.1", port: 8080, host: "127.0.0.1", path: "/" },
  connections: 11,
  durationMs: 2000,
};

/** A second of a thread, in which a hundred requests succeeded. The warm-up ended at 1 s on CLOCK_MONOTONIC. */
export function second(nth: number, changes: Partial<LoadLine> = {}): LoadLine {
  return {
    kind: "load",
    monotonicUs: 1e6 + nth * 1e6,
    thread: 1,
    second: nth,
    outcomes: { ok: 100 },
    connections: 0,
    connect: NOTHING,
    firstByte: HUNDRED,
    total: HUNDRED,
    pacing: null,
    ...changes,
  };
}

/** The end of a thread's load of two such seconds. */
export function end(changes: Partial<LoadEndLine> = {}): LoadEndLine {
  return {
    kind: "load-end",
    monotonicUs: 3e6,
    thread: 1,
    seconds: 2,
    outcomes: { ok: 200 },
    okInTime: 200,
    connections: 0,
    warmUp: { outcomes: { ok: 100 }, connections: 11 },
    neverBegun: 0,
    endedBy: { clientFin: 11, serverFin: 0, reset: 0 },
    backedOffMs: 0,
    cpuMs: 540,
    longestLagMs: 1,
    stalls: {},
    ...changes,
  };
}

/** Connections to the target in one state. */
export function group(side: SocketGroup["side"], state: SocketGroup["state"], count: number): SocketGroup {
  return {
    state,
    side,
    port: 8080,
    timer: "none",
    receiveQueue: "empty",
    sendQueue: "empty",
    owner: "unseen",
    count,
    examples: [],
  };
}

/** The share of the time since 0 in which the generator's and the server's thread had work. */
export interface Shares {
  generator: number;
  server: number | null;
  /** The part of that time in which the thread waited for a processor. Absent: a tenth. */
  waiting?: number;
}

/** A look at a second of CLOCK_MONOTONIC. */
export function look(
  atSeconds: number,
  groups: SocketGroup[],
  { generator, server, waiting = 0.1 }: Shares = { generator: 0.3, server: 0.95 },
  deltas: Record<string, number> = {},
): Look {
  const moment = { atUs: atSeconds * 1e6, phase: "load" as const, host: "here" };
  const thread = (pid: number, share: number): Look["generator"] => [
    {
      pid,
      tid: pid,
      ranMs: share * atSeconds * 1000 * (1 - waiting),
      waitedMs: share * atSeconds * 1000 * waiting,
    },
    { pid, tid: pid + 1, ranMs: 0, waitedMs: 0 },
  ];
  return {
    monotonicUs: atSeconds * 1e6,
    sockets: { kind: "sockets", ...moment, groups },
    counters: { kind: "counters", ...moment, deltas },
    bystanders: { sent: 0, received: 0, most: null },
    backlog: 511,
    generator: thread(23, generator),
    server: server === null ? null : thread(47, server),
    serverCpuMs: server === null ? null : server * atSeconds * 1000 * (1 - waiting),
  };
}

/** A run in which nothing went wrong, with changes. */
export function loadRun(changes: Partial<LoadRun> = {}, shares?: Shares): LoadRun {
  const { generator = 0.3, waiting = 0.1 } = shares ?? {};
  const open = [group("connector", "ESTABLISHED", 11), group("listener", "ESTABLISHED", 11)];
  return {
    plan: PLAN,
    surroundings: {
      portRange: "32768\t60999",
      reservedPorts: "",
      timeWaitReuse: 2,
      bothEndsHere: true,
      processors: 2,
      unixOffsetUs: 0,
    },
    seconds: [second(1), second(2)],
    ends: [end({ cpuMs: generator * (1 - waiting) * 2000 })],
    looks: [
      look(0, [], shares),
      look(1.1, open, shares),
      look(2.9, open, shares),
      look(3.1, [group("connector", "TIME-WAIT", 11)], shares, { TcpOutSegs: 600, TcpInSegs: 600 }),
    ],
    cost: { looks: 4, totalMs: 2, longestMs: 1, everyMs: 100 },
    exit: { code: 0, signal: null, how: "own", lastLines: [] },
    ...changes,
  };
}
