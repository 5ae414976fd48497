import type { Arm, Comparison, Estimate, Held } from "../model/comparison.ts";
import { countOf } from "../model/count.ts";
import { palette, type Palette } from "./palette.ts";
import { NONE, plainTable, UNSEEN } from "./table.ts";
import type { ReportOptions } from "./text.ts";
import { wrap } from "./wrap.ts";

const WIDEST = 100;

/** A comparison as text: a table for each round-trip time, what idle connections cost, errors and faults, and the sentences. */
export function reportComparison(
  comparison: Comparison,
  sentences: readonly string[],
  { colour, columns }: ReportOptions,
): string {
  const paint = palette(colour);
  const width = Math.min(WIDEST, columns);
  const times = [...new Set(comparison.arms.map(({ rttMs }) => rttMs))];
  const tables = times.flatMap((rttMs) => [
    "",
    ...tableOf(
      rttMs,
      comparison.arms.filter((arm) => arm.rttMs === rttMs),
      paint,
    ),
  ]);
  return [
    ...heading(comparison, width).map((line) => paint.title(line)),
    ...(tables.length === 0 ? ["", "Nothing was measured."] : tables),
    ...heldLines(comparison.held, paint),
    ...errorLines(comparison.arms, width),
    ...comparison.faults.flatMap((fault) => ["", ...wrap(`Not valid: ${fault}`, width)]),
    "",
    ...sentences.flatMap((sentence) => bullet(sentence, width)),
  ].join("\n");
}

function heading({ plan, engine, url, arms }: Comparison, width: number): string[] {
  const server = url ?? `the project's own ${plan.tls ? "https" : "http"} server`;
  const done = Math.max(0, ...arms.map(({ repetitions }) => repetitions));
  const repetitions =
    done < 2
      ? done === 1
        ? "1 repetition"
        : "no repetition"
      : `${done} repetitions; medians, with the 95 % interval in brackets`;
  return wrap(
    `${engine} against ${server}: ${countOf(plan.connections, "connection")} at once, ${repetitions}; times as p50/p99; ` +
      "CPU (server/client) and segments per request",
    width,
  );
}

function tableOf(rttMs: number | null, arms: Arm[], paint: Palette): string[] {
  const head = [
    ...[rttMs === null ? "" : `${rttMs} ms`, "requests/s", "connect ms", "total ms", "CPU us", "segs"],
    ...["TIME-WAIT", "ports"],
  ];
  const rows = arms.map((arm) => [
    arm.id,
    interval(arm.perSecond),
    times(arm.connectMs),
    times(arm.totalMs),
    `${figure(arm.serverCpuUs)}/${figure(arm.clientCpuUs)}`,
    arm.segments === null ? UNSEEN : arm.segments.median.toFixed(2),
    timeWait(arm),
    arm.ports.most === null ? UNSEEN : grouped(arm.ports.most),
  ]);
  const aligns = head.map((_, nth) => (nth === 0 ? "left" : "right"));
  return plainTable([head.map((text) => paint.heading(text)), ...rows], aligns);
}

/** 50th and 99th percentile. */
function times(latency: Arm["totalMs"]): string {
  return latency === null ? NONE : `${short(latency.p50.median)}/${short(latency.p99.median)}`;
}

/** How many sockets each end holds in TIME-WAIT. */
function timeWait({ timeWait: { client, server } }: Arm): string {
  const told = [
    ...(client === null ? [UNSEEN] : client > 0 ? [`${grouped(client)} client`] : []),
    ...(server === null ? [UNSEEN] : server > 0 ? [`${grouped(server)} server`] : []),
  ];
  return told.length === 0 ? "0" : told.join(", ");
}

function heldLines(held: Held | null, paint: Palette): string[] {
  if (held === null) return [];
  const head = [`${grouped(held.connections)} held idle`, "server", "client", "CPU us/s", "segments/s"];
  const row = [
    "per connection",
    held.serverBytes === null ? UNSEEN : bytes(held.serverBytes),
    held.clientBytes === null ? UNSEEN : bytes(held.clientBytes),
    figure(held.cpuUsPerSecond),
    figure(held.segmentsPerSecond),
  ];
  const aligns = head.map((_, nth) => (nth === 0 ? "left" : "right"));
  return ["", ...plainTable([head.map((text) => paint.heading(text)), row], aligns)];
}

function errorLines(arms: Arm[], width: number): string[] {
  return arms.flatMap(({ id, rttMs, errors }) => {
    const told = Object.entries(errors).map(([outcome, count]) => `${grouped(count)} ${outcome}`);
    const where = rttMs === null ? "" : ` at ${rttMs} ms`;
    return told.length === 0 ? [] : wrap(`${id}${where}: ${told.join(", ")}`, width);
  });
}

function bullet(sentence: string, width: number): string[] {
  const [first = "", ...rest] = wrap(sentence, width, "  ");
  return [`- ${first.trimStart()}`, ...rest];
}

function interval({ median, low, high }: Estimate): string {
  return low === null || high === null
    ? grouped(median)
    : `${grouped(median)} (${grouped(low)}-${grouped(high)})`;
}

function figure(estimate: Estimate | null): string {
  return estimate === null ? UNSEEN : short(estimate.median);
}

function bytes({ median, low, high }: Estimate): string {
  const kB = (value: number): string => (value / 1000).toFixed(1);
  return low === null || high === null ? `${kB(median)} kB` : `${kB(median)} kB (${kB(low)}-${kB(high)})`;
}

/** Three digits, or all digits before the decimal point. */
function short(value: number): string {
  return value >= 100
    ? value.toFixed(0)
    : value
        .toPrecision(3)
        .replace(/(\.\d*?)0+$/, "$1")
        .replace(/\.$/, "");
}

function grouped(value: number): string {
  return Math.round(value).toLocaleString("en-US");
}
