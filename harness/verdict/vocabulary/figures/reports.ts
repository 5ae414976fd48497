import { endsTold } from "../../../measure/ends.ts";
import {
  bytesPerSocket,
  closedFirst,
  keptReport,
  sysctlWritten,
  timeWaitSettings,
  valuesWhereMoved,
} from "../../../measure/own-reports.ts";
import { percentile } from "../../../measure/percentile.ts";
import { reported, type Reports } from "../../../measure/reports.ts";
import type { HostName, ProgramName } from "../../../model/names.ts";
import type { Figure, Reading } from "../figure.ts";

const REPORT = { needs: ["report"] } satisfies Pick<Figure, "needs">;

/** A percentile of a figure that programs report about themselves. */
export const selfReportedAt = (which: Reports, field: string, p: number): Figure => ({
  ...REPORT,
  name: {
    en: `${field}${which.program === undefined ? "" : ` of ${which.program}`}, by its own report, at p${p}`,
    zh: `${which.program ?? "程序"} 自己报告的 ${field} 的 p${p}`,
  },
  of: (recording) => percentile(reported(recording, which, field), p),
});

/** How many answers one HTTP connection carried when a client sent this request. */
export const answersOn = (asked: string): Figure => ({
  ...REPORT,
  name: {
    en: `answers on one connection, requested with ${asked}`,
    zh: `以 ${asked} 请求，一个连接上的应答`,
  },
  of: (recording) => {
    const count = keptReport(recording, asked, "answers");
    return typeof count === "number" ? count : null;
  },
});

/** The value of the answer's `Connection` header. */
export const connectionHeader = (asked: string): Reading => ({
  ...REPORT,
  name: { en: "the Connection header of the answer", zh: "响应的 Connection 头" },
  of: (recording) => {
    const header = keptReport(recording, asked, "connection");
    return header === null ? null : String(header).toLowerCase() || "(none)";
  },
});

/** The idle time after which the server closed; infinite when it did not close while the client waited. */
export const idleLimit = (asked: string): Figure => ({
  ...REPORT,
  name: { en: "idle time before the server closed", zh: "服务器关闭之前的静默时间" },
  unit: "s",
  of: (recording) => {
    if (keptReport(recording, asked, "answers") === null) return null;
    const endedMs = keptReport(recording, asked, "endedMs");
    return typeof endedMs === "number" ? endedMs / 1000 : Number.POSITIVE_INFINITY;
  },
});

/** The ports of http-first-close. */
const SERVERS = { Node: 8080, nginx: 8081, Python: 8082 };

/** How many of all connections the servers closed first. */
export const closedByServer = (): Figure => ({
  ...REPORT,
  name: { en: "connections that the server closed first", zh: "由服务端先关闭的连接" },
  of: (recording) => {
    const { byServer, all } = closedFirst(recording);
    return all === 0 ? null : byServer;
  },
  outOf: (recording) => closedFirst(recording).all,
  detail: (recording) =>
    Object.entries(SERVERS)
      .map(([name, port]) => ({ name, ...closedFirst(recording, port) }))
      .map(({ name, byServer, all }) => `${name} ${byServer}/${all}`)
      .join(", "),
});

/** The kernel's memory for each socket. */
export const memoryEach = (): Figure => ({
  ...REPORT,
  name: { en: "kernel memory per socket", zh: "每个套接字占用的内核内存" },
  unit: "B",
  of: bytesPerSocket,
});

/** How many sysctls have a name for the length of TIME-WAIT. */
export const settingsForTimeWait = (): Figure => ({
  ...REPORT,
  name: { en: "sysctls with a name for the length of TIME-WAIT", zh: "以 TIME-WAIT 时长命名的 sysctl" },
  of: (recording) => timeWaitSettings(recording)?.length ?? null,
});

/** The result of a write to a sysctl. */
export const writingOf = (name: string): Reading => ({
  ...REPORT,
  name: { en: `the result of writing 1 to ${name}`, zh: `向 ${name} 写入 1 的结果` },
  of: sysctlWritten,
});

/** The values of a sysctl on whose hosts a counter moved. */
export const valuesWith = (name: string, counter: string, among?: readonly HostName[]): Reading => ({
  name: { en: `values of ${name} with which ${counter} moved`, zh: `使 ${counter} 变化的 ${name} 取值` },
  needs: ["counters"],
  of: (recording) => valuesWhereMoved(recording, name, counter, among),
});

/** How the connections of one peer ended in the drain, as a program reported it: `5 ETIMEDOUT`; `–` when it reported none. */
export const endsWith = (program: ProgramName, peer: HostName): Reading => ({
  name: { en: `ends of connections of ${program} with ${peer}`, zh: `${program} 与 ${peer} 的连接的结局` },
  // A program whose connections do not end reports nothing, so no report is needed.
  needs: ["sockets"],
  of: (recording) => {
    const codes = endsTold(recording, { program, phase: "drain" })
      .filter((end) => end.peer === peer)
      .map(({ code }) => code);
    const kinds = [...new Set(codes)].toSorted();
    return kinds.map((kind) => `${codes.filter((code) => code === kind).length} ${kind}`).join(", ") || "–";
  },
});
