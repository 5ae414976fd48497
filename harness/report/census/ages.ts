import { type Age, AGE_ENDS_MS, type AgeFigure } from "../../model/census.ts";
import { plainTable } from "../table.ts";
import type { Trends } from "../trends.ts";
import { firstFitting } from "./fit.ts";
import { NAMES, WATCHED_ALIGNS, WATCHED_HEAD, watchedCells } from "./watched.ts";

const FIGURES: Record<AgeFigure, string> = {
  timerLeft: "left of its timer",
  noData: "no data either way for",
  nothingReceived: "nothing received for",
  firstSeen: "seen so for at least",
  notShown: "the kernel shows no time",
};

const COLUMNS = ["<1s", "<10s", "<1m", "<10m", "<1h", "1h+"];

/** A line for each state and figure: the shortest, the middle and the longest time, and how many sockets are in each span. */
export function agesTable(ages: readonly Age[], trends: Trends | null, columns: number): string[] {
  if (ages.length === 0) return ["no socket is here"];
  const table = (isWide: boolean, isWatched: boolean): string[] =>
    plainTable(
      [
        [
          ...["state", "", "sockets", "least", "middle", "most"],
          ...(isWide ? COLUMNS : []),
          ...(isWatched ? WATCHED_HEAD : []),
        ],
        ...ages.map(({ state, figure, sockets, leastMs, middleMs, mostMs, counts }) => [
          ...[state, FIGURES[figure], String(sockets)],
          ...[leastMs, middleMs, mostMs].map(shortTime),
          ...(isWide ? AGE_COLUMNS.map((nth) => String(counts[nth] ?? "")) : []),
          ...(isWatched && trends !== null ? watchedCells(trends, NAMES.age(state, figure)) : []),
        ]),
      ],
      [
        ...(["left", "left", "right", "right", "right", "right"] as const),
        ...(isWide ? COLUMNS.map(() => "right" as const) : []),
        ...(isWatched ? WATCHED_ALIGNS : []),
      ],
    );
  const isWatched = trends !== null;
  return firstFitting(
    columns,
    () => table(true, isWatched),
    () => table(true, false),
    () => table(false, isWatched),
    () => table(false, false),
  );
}

const AGE_COLUMNS = [...AGE_ENDS_MS, 0].map((_, nth) => nth);

/** `230ms`, `4.7s`, `12m`, `3.5h`; nothing where there is no time. */
function shortTime(ms: number | null): string {
  if (ms === null) return "";
  const figure = (value: number): string =>
    value < 10 ? (Math.floor(value * 10) / 10).toFixed(1) : String(Math.floor(value));
  if (ms < 1000) return `${ms}ms`;
  if (ms < 60_000) return `${figure(ms / 1000)}s`;
  if (ms < 3_600_000) return `${figure(ms / 60_000)}m`;
  return `${figure(ms / 3_600_000)}h`;
}
