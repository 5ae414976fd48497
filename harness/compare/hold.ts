import { counterSeries } from "../measure/counters.ts";
import { samplesOf } from "../measure/evidence.ts";
import { processSeries } from "../measure/processes.ts";
import type { Series } from "../measure/series.ts";
import { socketSeries } from "../measure/sockets.ts";
import type { Held } from "../model/comparison.ts";
import type { Recording } from "../model/recording.ts";
import { FEW, MANY, OPENING } from "./hold-setup.ts";
import { middle } from "./interval.ts";

const CONNECTIONS = FEW.connections + MANY.connections;

/** How long after the last answer its acknowledgement has come: it can be delayed by 40 ms (TCP_DELACK_MIN, include/net/tcp.h). */
const ACKNOWLEDGED_AFTER_US = 60_000;

/** A time in which all connections of both clients are open and idle. */
interface Stretch {
  fromUs: number;
  toUs: number;
}

interface HeldOnce {
  serverBytes: number | null;
  clientBytes: number | null;
  cpuUsPerSecond: number | null;
  segmentsPerSecond: number | null;
}

/** What held connections cost, from the recordings of several trials; null when no trial held all its connections. */
export function heldOf(recordings: readonly Recording[]): Held | null {
  const all = recordings.flatMap((recording) => heldIn(recording) ?? []);
  if (all.length === 0) return null;
  return {
    connections: CONNECTIONS,
    repetitions: all.length,
    serverBytes: middle(all.map((one) => one.serverBytes)),
    clientBytes: middle(all.map((one) => one.clientBytes)),
    cpuUsPerSecond: middle(all.map((one) => one.cpuUsPerSecond)),
    segmentsPerSecond: middle(all.map((one) => one.segmentsPerSecond)),
    unseen: {
      kernelBytes:
        "the kernel counts the memory of sockets for the whole machine, and only root can read it (/proc/slabinfo)",
    },
  };
}

function heldIn(recording: Recording): HeldOnce | null {
  const stretch = stretchOf(recording);
  const opened = samplesOf(recording, "intervention").find(({ name }) => name === OPENING);
  if (stretch === null || opened === undefined) return null;
  const rss = (program: string): Series =>
    processSeries(recording, { program }, "rssBytes").window(0, stretch.toUs);
  const before = rss("server").window(0, opened.atUs).last;
  const [server, few, many] = ["server", FEW.program, MANY.program].map((program) => rss(program).last);
  const cpuMs = ["server", FEW.program, MANY.program].map((program) =>
    aSecond(processSeries(recording, { program }, "cpuMs"), stretch),
  );
  const segments = aSecond(counterSeries(recording, { host: "client", counter: "TcpOutSegs" }), stretch);
  return {
    serverBytes: each(difference(server, before), CONNECTIONS),
    clientBytes: each(difference(many, few), MANY.connections - FEW.connections),
    cpuUsPerSecond: each(sum(cpuMs), CONNECTIONS / 1000),
    segmentsPerSecond: each(segments, CONNECTIONS),
  };
}

/**
 * The time in which all connections were open and none carried data; null when no look falls into it. The client with many closes
 * its connections a known time after the last answer. So the last answer had come by that time before the first look that misses them.
 */
function stretchOf(recording: Recording): Stretch | null {
  const sockets = socketSeries(recording, { host: "client", state: "ESTABLISHED", side: "connector" });
  const there = sockets.longest((count) => count === CONNECTIONS);
  const gone = sockets.points.find(({ atUs }) => there !== null && atUs > there.toUs);
  if (there === null || gone === undefined) return null;
  const fromUs = Math.max(there.fromUs, gone.atUs - MANY.holdMs * 1000) + ACKNOWLEDGED_AFTER_US;
  return fromUs < there.toUs ? { fromUs, toUs: there.toUs } : null;
}

/** How much a figure grew per second, from the first look in a stretch to the last. */
function aSecond(series: Series, { fromUs, toUs }: Stretch): number | null {
  const { first, last } = series.window(fromUs, toUs);
  if (first === null || last === null || last.atUs <= first.atUs) return null;
  return ((last.value - first.value) * 1e6) / (last.atUs - first.atUs);
}

function difference(
  more: { value: number } | null | undefined,
  less: { value: number } | null | undefined,
): number | null {
  return more === null || more === undefined || less === null || less === undefined
    ? null
    : more.value - less.value;
}

function each(figure: number | null, count: number): number | null {
  return figure === null ? null : figure / count;
}

function sum(all: (number | null)[]): number | null {
  return all.reduce((total, one) => (total === null || one === null ? null : total + one), 0);
}
