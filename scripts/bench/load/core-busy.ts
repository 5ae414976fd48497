import { readFileSync } from "node:fs";

/** Starts to measure a core. The returned function gives the share of its time since then in which it was not idle, from 0 to 1. */
export function coreBusy(core: number): () => number {
  const before = timesOf(core, readFileSync("/proc/stat", "latin1"));
  return () => busyBetween(before, timesOf(core, readFileSync("/proc/stat", "latin1")));
}

interface CoreTimes {
  idle: number;
  all: number;
}

/** The times of a core in the text of /proc/stat, in ticks (proc(5)): idle and iowait are its fourth and fifth. NaN when it has no such core. */
export function timesOf(core: number, text: string): CoreTimes {
  const line = new RegExp(`^cpu${core} (.*)$`, "m").exec(text)?.[1];
  // guest and guest_nice, the last two, are part of user and nice.
  const ticks = line?.split(" ").map(Number).slice(0, 8) ?? [];
  const [, , , idle = Number.NaN, waiting = 0] = ticks;
  return { idle: idle + waiting, all: ticks.reduce((sum, each) => sum + each, 0) };
}

export function busyBetween(before: CoreTimes, after: CoreTimes): number {
  return 1 - (after.idle - before.idle) / (after.all - before.all);
}
