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

/** A percentile of a figure that programs report of themselves. */
export const selfReportedAt = (which: Reports, field: string, p: number): Figure => ({
  ...REPORT,
  name: {
    en: `${field}${which.program === undefined ? "" : ` of ${which.program}`}, as it reports itself, at p${p}`,
    zh: `${which.program ?? "程序"} 自己报告的 ${field} 的 p${p}`,
  },
  of: (recording) => percentile(reported(recording, which, field), p),
});

/** How many answers one HTTP connection had, on which a client asked so. */
export const answersOn = (asked: string): Figure => ({
  ...REPORT,
  name: { en: `answers on one connection, asked with ${asked}`, zh: `以 ${asked} 请求，一个连接上的应答` },
  of: (recording) => {
    const count = keptReport(recording, asked, "answers");
    return typeof count === "number" ? count : null;
  },
});

/** What the answer's `Connection` header said. */
export const connectionHeader = (asked: string): Reading => ({
  ...REPORT,
  name: { en: "the Connection header of the answer", zh: "响应的 Connection 头" },
  of: (recording) => {
    const header = keptReport(recording, asked, "connection");
    return header === null ? null : String(header).toLowerCase() || "(none)";
  },
});

/** After how much silence the server closed; infinite where it did not while it was waited for. */
export const idleLimit = (asked: string): Figure => ({
  ...REPORT,
  name: { en: "the server closed after a silence of", zh: "服务器关闭之前的静默时间" },
  unit: "s",
  of: (recording) => {
    if (keptReport(recording, asked, "answers") === null) return null;
    const endedMs = keptReport(recording, asked, "endedMs");
    return typeof endedMs === "number" ? endedMs / 1000 : Number.POSITIVE_INFINITY;
  },
});

/** The ports of http-first-close. */
const SERVERS = { Node: 8080, nginx: 8081, Python: 8082 };

/** How many connections servers closed first, of all that there were. */
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
  name: { en: "of the kernel's memory for each socket", zh: "每个套接字占用的内核内存" },
  unit: "B",
  of: bytesPerSocket,
});

/** How many sysctls are named for the length of TIME-WAIT. */
export const settingsForTimeWait = (): Figure => ({
  ...REPORT,
  name: { en: "sysctls that are named for the length of TIME-WAIT", zh: "以 TIME-WAIT 时长命名的 sysctl" },
  of: (recording) => timeWaitSettings(recording)?.length ?? null,
});

/** What a write to a sysctl came to. */
export const writingOf = (name: string): Reading => ({
  ...REPORT,
  name: { en: `writing 1 to ${name} came to`, zh: `向 ${name} 写入 1 的结果` },
  of: sysctlWritten,
});

/** The values of a sysctl with which a counter moved, on those hosts. */
export const valuesWith = (name: string, counter: string, among?: readonly HostName[]): Reading => ({
  name: { en: `values of ${name} with which ${counter} moved`, zh: `使 ${counter} 变化的 ${name} 取值` },
  needs: ["counters"],
  of: (recording) => valuesWhereMoved(recording, name, counter, among),
});

/** How the connections of one peer ended in the drain, as a program was told: `5 ETIMEDOUT`; `–` where it was told of none. */
export const endsWith = (program: ProgramName, peer: HostName): Reading => ({
  name: { en: `ends of connections of ${program} with ${peer}`, zh: `${program} 与 ${peer} 的连接的结局` },
  // Who is told nothing reports nothing.
  needs: ["sockets"],
  of: (recording) => {
    const codes = endsTold(recording, { program, phase: "drain" })
      .filter((end) => end.peer === peer)
      .map(({ code }) => code);
    const kinds = [...new Set(codes)].toSorted();
    return kinds.map((kind) => `${codes.filter((code) => code === kind).length} ${kind}`).join(", ") || "–";
  },
});
