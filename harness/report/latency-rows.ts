import { latencies, outcomeCounts, programsWithAttempts, type AttemptTime } from "../measure/attempts.ts";
import { percentile } from "../measure/percentile.ts";
import type { Recording } from "../model/recording.ts";
import { NONE, type Row, type Section, UNSEEN } from "./table.ts";

const TIMES: [name: string, time: AttemptTime][] = [
  ["connect", "connectMs"],
  ["first byte", "firstByteMs"],
  ["total", "totalMs"],
];

/** Times of each client program's attempts in milliseconds: median, 99th percentile and maximum, by nearest rank. */
export function latencySection(recordings: (Recording | null)[]): Section {
  const rows = programs(recordings).flatMap((program) =>
    TIMES.map(([name, time]): Row => {
      const cells = recordings.map((recording) =>
        recording === null ? UNSEEN : spread(latencies(recording, { program }, time)),
      );
      return { label: `${program} ${name}`, cells };
    }),
  );
  return { heading: "latency in ms: p50 / p99 / most", rows };
}

/** How many attempts of each client program had each outcome: `ok`, or phase and code. */
export function outcomeSection(recordings: (Recording | null)[]): Section {
  const rows = programs(recordings).flatMap((program) => {
    const counts = recordings.map((recording) =>
      recording === null ? null : outcomeCounts(recording, { program }),
    );
    const outcomes = new Set(counts.flatMap((one) => [...(one?.keys() ?? [])]));
    const okFirst = [...outcomes].toSorted((a, b) => Number(b === "ok") - Number(a === "ok"));
    return okFirst.map((outcome): Row => {
      const cells = counts.map((one) => (one === null ? UNSEEN : String(one.get(outcome) ?? NONE)));
      return { label: `${program} ${outcome}`, cells };
    });
  });
  return { heading: "attempts", rows };
}

function programs(recordings: (Recording | null)[]): string[] {
  return [
    ...new Set(
      recordings.flatMap((recording) => (recording === null ? [] : programsWithAttempts(recording))),
    ),
  ];
}

function spread(values: number[]): string {
  if (values.length === 0) return NONE;
  return [50, 99, 100].map((p) => milliseconds(percentile(values, p) ?? 0)).join(" / ");
}

function milliseconds(value: number): string {
  if (value < 10) return value.toFixed(2);
  return value < 100 ? value.toFixed(1) : value.toFixed(0);
}
