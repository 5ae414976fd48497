import { countOf } from "../model/count.ts";
import type { PastRun } from "../model/past-run.ts";
import { headedTable } from "./table.ts";
import { wrap } from "./wrap.ts";

/**
 * Runs as a table, in their order, and below it their number and size. `folder`: as the user would type it. `columns`: the width of the
 * table, or Infinity, with which every run has one line.
 */
export function reportPastRuns(runs: PastRun[], folder: string, columns: number): string {
  if (runs.length === 0) return `There are no runs in ${folder}.`;
  const head = ["run (UTC)", "size", "recordings", "experiments", "outcome"];
  const rows = runs.map((run) => [
    run.name,
    sizeText(run.bytes),
    String(run.recordings),
    experimentsText(run.experiments),
    outcomeText(run),
  ]);
  const table = headedTable(head, rows, ["left", "right", "right", "left", "left"], columns);
  return [...table, "", ...wrap(`${countText(runs)} in ${folder}`, columns)].join("\n");
}

/** `12 runs, 1.3 GB`. */
export function countText(runs: PastRun[]): string {
  const bytes = runs.reduce((sum, run) => sum + run.bytes, 0);
  return `${countOf(runs.length, "run")}, ${sizeText(bytes)}`;
}

/** A number of bytes in decimal units (1 MB is 1,000,000 bytes): `340 kB`, `3.4 MB`. */
export function sizeText(bytes: number): string {
  const units = ["bytes", "kB", "MB", "GB"];
  // Above 999.5 the number would be printed as 1000.
  const power = units.findLastIndex((_, nth) => nth === 0 || bytes >= 999.5 * 1000 ** (nth - 1));
  const value = bytes / 1000 ** power;
  return `${value.toFixed(power === 0 || value >= 9.95 ? 0 : 1)} ${units[power]}`;
}

function experimentsText([first, ...others]: string[]): string {
  if (first === undefined) return "-";
  return others.length === 0 ? first : `${first} and ${others.length} more`;
}

function outcomeText({ outcome, claims }: PastRun): string {
  if (outcome === null) return claims ? "claims settled" : "-";
  const counts = (["refuted", "inconclusive", "confirmed"] as const)
    .filter((one) => outcome.trials[one] > 0)
    .map((one) => `${outcome.trials[one]} ${one}`);
  return [...counts, ...(outcome.interrupted ? ["stopped by Ctrl+C"] : [])].join(", ");
}
