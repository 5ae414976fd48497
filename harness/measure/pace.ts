import type { Recording } from "../model/recording.ts";
import { attempts, outcomeOf } from "./attempts.ts";
import { calls } from "./calls.ts";
import { counterSeries } from "./counters.ts";
import { samplesOf } from "./evidence.ts";
import { percentile } from "./percentile.ts";
import { type Sockets, socketSeries } from "./sockets.ts";

/**
 * How many times as long a connect() takes between hosts with a pile of TIME-WAIT (port 8080) as between hosts without any (port 8081).
 * The two take turns, and each is measured by its quickest tenth. null when the pile was not complete in time.
 */
export function timesAsLong(recording: Recording): number | null {
  const told = calls(recording, { program: "probe", call: "connect" });
  const ends = samplesOf(recording, "load-end");
  const firstUs = told[0]?.atUs ?? 0;
  if (ends.length === 0 || ends.some(({ atUs }) => atUs > firstUs)) return null;
  const quick = (port: number): number | null => {
    const lines = told.filter(({ remotePort }) => remotePort === port);
    const took = lines.flatMap(({ atUs, result }, nth) => {
      const begun = lines[nth - 1];
      return result === 0 && begun?.result === null ? [(atUs - begun.atUs) / 1000] : [];
    });
    return percentile(took, 10);
  };
  const [pile, none] = [quick(8080), quick(8081)];
  return pile === null || none === null || none === 0 ? null : pile / none;
}

/** The most attempts that were under way at once; null without attempts. */
export function mostAtOnce(recording: Recording): number | null {
  const all = attempts(recording);
  if (all.length === 0) return null;
  const begun = all.map(({ atUs }) => ({ atUs, step: 1 }));
  const over = all.map(({ atUs, totalMs }) => ({ atUs: atUs + 1000 * (totalMs ?? 0), step: -1 }));
  let now = 0;
  let most = 0;
  for (const { step } of [...begun, ...over].toSorted((a, b) => a.atUs - b.atUs || a.step - b.step)) {
    now += step;
    most = Math.max(most, now);
  }
  return most;
}

/** Successful attempts per second, from the beginning of the first to the answer of the last; null with fewer than two. */
export function okPerSecond(recording: Recording): number | null {
  const all = attempts(recording).filter((attempt) => outcomeOf(attempt) === "ok");
  const begun = all.map(({ atUs }) => atUs);
  const over = all.map(({ atUs, totalMs }) => atUs + 1000 * (totalMs ?? 0));
  return all.length < 2 ? null : (all.length * 1e6) / (Math.max(...over) - Math.min(...begun));
}

/** From the beginning of a program's first attempt to the end of its last, in milliseconds; null when one did not end. */
export function wholeMs(recording: Recording, program: string): number | null {
  const all = attempts(recording, { program });
  if (all.length === 0 || all.some(({ totalMs }) => totalMs === null)) return null;
  const beginUs = Math.min(...all.map(({ atUs }) => atUs));
  return Math.max(...all.map(({ atUs, totalMs }) => (atUs - beginUs) / 1000 + (totalMs ?? 0)));
}

/** The median time of a program's successful attempts, in milliseconds; null if none succeeded. */
export function medianOkMs(recording: Recording, program: string): number | null {
  const times = attempts(recording, { program }).flatMap(({ totalMs, outcome }) =>
    outcome === "ok" && totalMs !== null ? [totalMs] : [],
  );
  return percentile(times, 50);
}

/** The last seconds of the load, more than a minute after its beginning, when as many TIME-WAIT end as begin. */
const PLATEAU_S = 7;

/** The average number of sockets over the looks in the last seconds of the load. */
export function plateau(recording: Recording, which: Sockets): number | null {
  const series = socketSeries(recording, which).during("load");
  const end = series.last?.atUs ?? 0;
  const { points } = series.window(end - PLATEAU_S * 1e6, end);
  return points.length === 0 ? null : points.reduce((sum, { value }) => sum + value, 0) / points.length;
}

/** Connections that the client opened per second in the last minute of the load; null when there are too few looks. */
export function openedPerSecond(recording: Recording): number | null {
  const series = counterSeries(recording, { host: "client", counter: "TcpActiveOpens" }).during("load");
  const { first, last } = series.window((series.last?.atUs ?? 0) - 60e6, Number.POSITIVE_INFINITY);
  if (first === null || last === null || last.atUs - first.atUs < 2e6) return null;
  return (last.value - first.value) / ((last.atUs - first.atUs) / 1e6);
}
