import type { Recording } from "../model/recording.ts";
import { attempts, outcomeOf } from "./attempts.ts";
import { calls } from "./calls.ts";
import { counterSeries } from "./counters.ts";
import { samplesOf } from "./evidence.ts";
import { percentile } from "./percentile.ts";
import { type Sockets, socketSeries } from "./sockets.ts";

/**
 * For each ms that a connect() to a server without any TIME-WAIT takes (port 8081), how many one takes, in turn with it, while
 * another pair of hosts has a pile (port 8080). Of each the quickest tenth; null when the pile was not whole in time.
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

/** How many attempts were under way at once, at most; null without any. */
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

/** Attempts that succeeded, a second, from the first that was begun to the last that was answered; null with fewer than two. */
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

/** The time in the middle of all that a program's attempts took which succeeded, in milliseconds; null where none did. */
export function medianOkMs(recording: Recording, program: string): number | null {
  const times = attempts(recording, { program }).flatMap(({ totalMs, outcome }) =>
    outcome === "ok" && totalMs !== null ? [totalMs] : [],
  );
  return percentile(times, 50);
}

/** The load's last seconds: more than a minute after its beginning, when as many TIME-WAIT go as come. */
const PLATEAU_S = 7;

/** How many sockets there were on the average of the looks in the last seconds of the load. */
export function plateau(recording: Recording, which: Sockets): number | null {
  const series = socketSeries(recording, which).during("load");
  const end = series.last?.atUs ?? 0;
  const { points } = series.window(end - PLATEAU_S * 1e6, end);
  return points.length === 0 ? null : points.reduce((sum, { value }) => sum + value, 0) / points.length;
}

/** Connections that the client opened, a second, in the last minute of the load; null when that cannot be told. */
export function openedPerSecond(recording: Recording): number | null {
  const series = counterSeries(recording, { host: "client", counter: "TcpActiveOpens" }).during("load");
  const { first, last } = series.window((series.last?.atUs ?? 0) - 60e6, Number.POSITIVE_INFINITY);
  if (first === null || last === null || last.atUs - first.atUs < 2e6) return null;
  return (last.value - first.value) / ((last.atUs - first.atUs) / 1e6);
}
