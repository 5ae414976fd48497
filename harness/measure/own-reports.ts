import type { HostName } from "../model/names.ts";
import type { Recording } from "../model/recording.ts";
import type { ReportSample } from "../model/sample.ts";
import { counterDelta } from "./counters.ts";
import { hosts, samplesOf, sysctl } from "./evidence.ts";
import { percentile } from "./percentile.ts";

type Report = ReportSample["report"];

/** The reports of programs with a given kind. */
function reportsOf(recording: Recording, kind: string): Report[] {
  return samplesOf(recording, "report").flatMap(({ report }) => (report["kind"] === kind ? [report] : []));
}

/** A field of the report that the client of http-keep-alive made on the connection with this request; null when it made none. */
export function keptReport(recording: Recording, asked: string, field: string): string | number | null {
  const value = reportsOf(recording, "kept").find((report) => report["asked"] === asked)?.[field] ?? null;
  return typeof value === "boolean" ? null : value;
}

/** How many connections the server closed first, and how many clients reported at all; with `port`, only those to that port. */
export function closedFirst(recording: Recording, port?: number): { byServer: number; all: number } {
  const closed = reportsOf(recording, "closed").filter(
    (report) => port === undefined || report["port"] === port,
  );
  return { byServer: closed.filter((report) => report["first"] === "server").length, all: closed.length };
}

/** The size of the kernel's objects per socket; if it cannot be read, the memory that the median step added per socket. */
export function bytesPerSocket(recording: Recording): number | null {
  const steps = reportsOf(recording, "step");
  const [exact] = steps.flatMap(({ objectBytes }) => (typeof objectBytes === "number" ? [objectBytes] : []));
  const grew = steps.flatMap(({ sockets, grewBytes }) =>
    typeof sockets === "number" && typeof grewBytes === "number" && sockets > 0 ? [grewBytes / sockets] : [],
  );
  return exact ?? percentile(grew, 50);
}

/** The kernel's sysctls with names that other kernels use for the length of TIME-WAIT; null when no sysctls were listed. */
export function timeWaitSettings(recording: Recording): string[] | null {
  if (reportsOf(recording, "settings").length === 0) return null;
  const names = reportsOf(recording, "setting").map(({ name }) => String(name));
  return names.filter((name) => /tw_timeout|time_?wait|msl/.test(name));
}

/** What a program reported after it wrote a sysctl: the value that it then read, or an errno; null when it wrote none. */
export function sysctlWritten(recording: Recording): string | null {
  const result = reportsOf(recording, "sysctl")[0]?.["result"];
  return typeof result === "string" ? result : null;
}

/** The values of a sysctl on the hosts (of `among`, or of all) where a counter has moved: `1, 3`; `–` if it moved on none. */
export function valuesWhereMoved(
  recording: Recording,
  name: string,
  counter: string,
  among: readonly HostName[] = hosts(recording),
): string {
  const moved = hosts(recording).filter(
    (host) => among.includes(host) && (counterDelta(recording, { host, counter }) ?? 0) > 0,
  );
  const values = moved.map((host) => sysctl(recording, name, host) ?? "?");
  return values.toSorted((a, b) => Number(a) - Number(b)).join(", ") || "–";
}
