import type { LoadPlan } from "../load/load-plan.ts";
import type { LoadFigures, Phase } from "../load/result.ts";
import { countOf } from "../model/count.ts";
import { rateText } from "../model/rate.ts";
import type { Judged } from "../load/threshold.ts";
import type { Validity } from "../load/validity.ts";
import { type LatencyMs, type Percentile, PERCENTILE_NAMES } from "../measure/load.ts";
import { MARKS, palette, type Palette } from "./palette.ts";
import { NONE, plainTable } from "./table.ts";
import { wrap } from "./wrap.ts";

/** Everything that a report on a load contains. */
export interface LoadDocument {
  figures: LoadFigures;
  plan: LoadPlan;
  validity: Validity;
  thresholds: Judged[];
  /** Which address a name resolved to, and which engine was chosen and why. */
  notes: string[];
}

const PHASES: [Phase, string][] = [
  ["connect", "connect"],
  ["firstByte", "first byte"],
  ["total", "total"],
];
const INDENT = "  ";

/** A load's result as JSON: first the figures, then what they rest on. Numbers have at most four digits after the decimal point. */
export function loadJson({ figures, plan, validity, thresholds, notes }: LoadDocument): unknown {
  const { engine, mode, ...rest } = figures;
  const { to, requestsPerConnection, ratePerSecond, ...asked } = plan;
  const document = {
    engine,
    mode,
    valid: validity.valid,
    ...rest,
    because: validity.because,
    warnings: validity.warnings,
    untrusted: validity.untrusted,
    thresholds,
    notes,
    target: to,
    plan: {
      ...asked,
      requestsPerConnection: requestsPerConnection === Infinity ? null : requestsPerConnection,
      ratePerSecond: ratePerSecond === 0 ? null : ratePerSecond,
    },
  };
  return JSON.parse(JSON.stringify(document, (_, value: unknown) => shortened(value)));
}

function shortened(value: unknown): unknown {
  return typeof value === "number" ? Math.round(value * 1e4) / 1e4 : value;
}

/** A load's result as text: what was requested, the figures, and whether they are valid. */
export function reportLoad(
  document: LoadDocument,
  options: { colour: boolean; columns: number; verbose: boolean },
): string {
  const paint = palette(options.colour);
  const { figures, validity, thresholds } = document;
  const blocks = [
    headline(document, paint, options.columns),
    latencyTable(figures),
    factsTable(document, options.columns),
    errorReasons(figures, options.columns),
    ...(options.verbose ? [secondsTable(figures), countersTable(figures)] : []),
    validity.warnings.flatMap((warning) => sentence(`! ${warning}`, options.columns)),
    thresholds.flatMap((one) => thresholdLine(one, paint, options.columns)),
    verdict(validity, paint, options.columns),
  ];
  return blocks
    .filter((block) => block.length > 0)
    .map((block) => block.join("\n"))
    .join("\n\n");
}

function headline({ figures, plan }: LoadDocument, paint: Palette, columns: number): string[] {
  const { to } = plan;
  const at = to.address.includes(":") ? `[${to.address}]` : to.address;
  const path = to.scheme === "tcp" ? "" : to.path;
  const many = plan.requestsPerConnection;
  const mode =
    plan.mode === "keep-alive" && many !== Infinity ? `${countOf(many, "request")} a connection` : plan.mode;
  const loop =
    plan.ratePerSecond === 0 ? "closed loop" : `${rateText(plan.ratePerSecond)} a second, open loop`;
  const parts = [
    ...[`${plan.engine} engine`, mode, countOf(plan.connections, "connection"), loop],
    ...(plan.threads === 1 ? [] : [`${plan.threads} threads`]),
    ...(plan.method === "GET" ? [] : [request(plan)]),
    `${figures.seconds.toFixed(1)} s after ${(plan.warmUpMs / 1000).toFixed(1)} s of warm-up`,
  ];
  return [paint.title(`${to.scheme}://${at}:${to.port}${path}`), ...sentence(parts.join(", "), columns)];
}

function request({ method, body }: LoadPlan): string {
  return body === null
    ? method
    : `${method} with a body of ${number(body.bytes)} ${body.bytes === 1 ? "byte" : "bytes"}`;
}

function latencyTable({ latencyMs, generator, notMeasured }: LoadFigures): string[] {
  const row = (name: string, times: LatencyMs | null, why: string | undefined): string[] =>
    times === null
      ? [name, ...PERCENTILE_NAMES.map(() => NONE), `  ${why ?? ""}`]
      : [name, ...PERCENTILE_NAMES.map((p) => milliseconds(times[p])), ""];
  const rows = PHASES.map(([phase, name]) => row(name, latencyMs[phase], notMeasured[`latencyMs.${phase}`]));
  if (generator.pacingMs !== null) rows.push(row("begun late", generator.pacingMs, undefined));
  const head = ["latency, ms", ...PERCENTILE_NAMES.map(percentileName), ""];
  return plainTable([head, ...rows], ["left", ...PERCENTILE_NAMES.map(() => "right" as const), "left"]).map(
    (line) => `${INDENT}${line}`,
  );
}

function percentileName(name: Percentile): string {
  return name === "p999" ? "p99.9" : name;
}

/** All other figures, one line each: a name and a text. */
function factsTable({ figures, plan }: LoadDocument, columns: number): string[] {
  const { requests, perSecond, socketsUsed, perfectSockets } = figures;
  const rate =
    perSecond === null
      ? `? a second (${figures.notMeasured["perSecond"]})`
      : `${rateText(perSecond)} a second`;
  const facts: [string, string][] = [
    ["requests", `${number(requests)}, ${rate}`],
    ["errors", errors(figures)],
    [
      "sockets",
      socketsUsed === 0
        ? "no connection was made"
        : `${number(socketsUsed)} used, warm-up included; ${number(perfectSockets)} would be enough if none were closed`,
    ],
    ["TIME-WAIT", leftInTimeWait(figures)],
    ["ended by", endedBy(figures)],
    [
      "segments",
      figures.segmentsPerRequest === null
        ? `? (${figures.notMeasured["segmentsPerRequest"]})`
        : `${figures.segmentsPerRequest.toFixed(1)} a request, in both directions`,
    ],
    ["ports", ports(figures, plan.to.port)],
    ["generator", generator(figures)],
    [
      "server",
      figures.server === null
        ? `? (${figures.notMeasured["server"]})`
        : `busiest thread on a processor for ${percent(figures.server.cpu)} of the time, with work for ${percent(figures.server.busy)}`,
    ],
  ];
  const width = Math.max(...facts.map(([name]) => name.length)) + 2;
  return facts.flatMap(([name, text]) => {
    const lines = wrap(text, columns - INDENT.length - width);
    return lines.map((line, nth) => `${INDENT}${(nth === 0 ? name : "").padEnd(width)}${line}`);
  });
}

function leftInTimeWait({ timeWait, timeWaitBefore: before, notMeasured }: LoadFigures): string {
  const server =
    timeWait.server === null
      ? `? (${notMeasured["timeWait.server"]})`
      : change(before.server ?? 0, timeWait.server);
  return `${change(before.client, timeWait.client)} left at the client's end, ${server} at the server's`;
}

function errors({ errors: all, cancelled }: LoadFigures): string {
  const parts = Object.entries(all).map(([outcome, count]) => `${number(count)} ${outcome}`);
  const left = cancelled === 0 ? "" : `; ${number(cancelled)} were under way when the load was ended`;
  return `${parts.length === 0 ? "none" : parts.join(", ")}${left}`;
}

/** The most kinds of failure that are explained: the most frequent. */
const REASONS_MOST = 5;

/** If no request succeeded, the verdict has the reason of the most frequent failure. */
function errorReasons(
  { requests, errors: all, errorReasons: reasons }: LoadFigures,
  columns: number,
): string[] {
  return Object.keys(all)
    .slice(requests === 0 ? 1 : 0)
    .filter((outcome) => reasons[outcome] !== undefined)
    .slice(0, REASONS_MOST)
    .flatMap((outcome) => sentence(`${outcome}: ${reasons[outcome]}.`, columns));
}

function endedBy({ endedBy: by, notMeasured }: LoadFigures): string {
  if (by === null) return `? (${notMeasured["endedBy"]})`;
  const { clientFin, serverFin, reset } = by;
  return `the client's FIN ${number(clientFin)}, the server's FIN ${number(serverFin)}, an RST ${number(reset)}`;
}

function ports({ ports: use }: LoadFigures, port: number): string {
  const reused = use.reused ? "; ports in TIME-WAIT can be used again after 1 s here" : "";
  if (use.most === 0) return `none of ${number(use.usable)} seen in use towards port ${port}${reused}`;
  return `at most ${number(use.most)} of ${number(use.usable)} in use towards port ${port}${reused}`;
}

function generator({ generator: own, errors: failed, notMeasured }: LoadFigures): string {
  const cpu = own.cpu === null ? `? (${notMeasured["generator.cpu"]})` : percent(own.cpu);
  const busy = own.busy === null ? "" : `, with work for ${percent(own.busy)}`;
  const lag = own.lagMs === null ? "" : `; longest stall of its event loop: ${milliseconds(own.lagMs)} ms`;
  const off =
    own.backedOffMs === 0 || Object.keys(failed).length === 0
      ? ""
      : `; paused for ${number(own.backedOffMs)} ms after failures`;
  return `busiest thread on a processor for ${cpu} of the time${busy}${lag}${off}`;
}

function secondsTable({ perSecondSeries }: LoadFigures): string[] {
  const rows = perSecondSeries.map(({ second, ok, errors: failed, totalMs }) => [
    ...[String(second), number(ok), number(failed)],
    ...(totalMs === null ? [NONE, NONE, NONE] : [totalMs.p50, totalMs.p99, totalMs.max].map(milliseconds)),
  ]);
  const head = ["second", "ok", "errors", "p50 ms", "p99 ms", "max ms"];
  return plainTable(
    [head, ...rows],
    head.map(() => "right"),
  ).map((line) => `${INDENT}${line}`);
}

function countersTable({ counters }: LoadFigures): string[] {
  const rows = Object.entries(counters).filter(([, delta]) => delta !== 0);
  if (rows.length === 0) return [];
  const cells = rows.map(([name, delta]) => [name, number(delta)]);
  return plainTable([["counter of this namespace", "moved by"], ...cells], ["left", "right"]).map(
    (line) => `${INDENT}${line}`,
  );
}

function thresholdLine(
  { threshold, outcome, value, because }: Judged,
  paint: Palette,
  columns: number,
): string[] {
  const answer = ({ kept: "confirmed", crossed: "refuted", unknown: "inconclusive" } as const)[outcome];
  const what = { kept: "kept", crossed: "crossed", unknown: "could not be judged" }[outcome];
  const seen = because ?? `it is ${shown(value, threshold)}`;
  return sentence(
    `${MARKS[answer]} ${threshold}: ${what}, ${outcome === "unknown" ? "because " : ""}${seen}`,
    columns,
  ).map((line) => paint.outcome[answer](line));
}

function shown(value: number | null, threshold: string): string {
  if (value === null) return "?";
  if (threshold.endsWith("%")) return `${(value * 100).toFixed(2)} %`;
  return /\d\s*[mu]?s$/.test(threshold) ? `${milliseconds(value)} ms` : rateText(value);
}

function verdict({ valid, because, untrusted }: Validity, paint: Palette, columns: number): string[] {
  const which = untrusted.length === 0 ? "" : ` ${groups(untrusted).join(", ")}`;
  if (valid) {
    const but = which === "" ? "" : `, except for${which}`;
    return sentence(`${MARKS.confirmed} valid${but}`, columns).map((line) => paint.outcome.confirmed(line));
  }
  const what = which === "" ? "" : `: do not trust${which}`;
  return [
    ...sentence(`${MARKS.inconclusive} not valid${what}`, columns).map((line) =>
      paint.outcome.inconclusive(line),
    ),
    ...because.flatMap((reason) => wrap(reason, columns, `${INDENT}${INDENT}`)),
  ];
}

/** Figures by their phase: `total.p99` and `total.max` as `total p99 max`; a phase with all its figures by its name alone. */
function groups(names: readonly string[]): string[] {
  const words: string[] = names.includes("perSecond") ? ["the rate"] : [];
  for (const [phase, name] of PHASES) {
    const own = PERCENTILE_NAMES.filter((one) => names.includes(`${phase}.${one}`));
    if (own.length === PERCENTILE_NAMES.length) words.push(name);
    else if (own.length > 0) words.push(`${name} ${own.map(percentileName).join(" ")}`);
  }
  return words;
}

function sentence(text: string, columns: number): string[] {
  return wrap(text, columns, INDENT);
}

function change(before: number, after: number): string {
  return before === 0 ? number(after) : `${number(after)} (${number(before)} before)`;
}

function milliseconds(value: number): string {
  if (value < 10) return value.toFixed(2);
  return value < 100 ? value.toFixed(1) : value.toFixed(0);
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}

function number(value: number): string {
  return Math.round(value).toLocaleString("en-US");
}
