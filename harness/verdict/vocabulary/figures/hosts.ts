import { counterDelta, counterSeries, type Counter } from "../../../measure/counters.ts";
import { localPorts, samplesOf, sysctl } from "../../../measure/evidence.ts";
import { fullestQueue, queueSeries, type Listeners } from "../../../measure/listeners.ts";
import {
  descriptorsBack,
  nearestToLimit,
  type Processes,
  processSeries,
  sharedSockets,
} from "../../../measure/processes.ts";
import type { HostName, PhaseName } from "../../../model/names.ts";
import type { Figure, Reading } from "../figure.ts";
import { onHost } from "../wording.ts";
import { onHostZh } from "../wording-zh.ts";

/** The unambiguous end of a sysctl's name: `tcp_tw_reuse`. */
function short(name: string): string {
  return name.replace(/^net\.(?:ipv4|core)\./, "");
}

/** The value of a sysctl in a host's kernel. */
export const sysctlOf = (host: HostName, name: string): Reading => ({
  name: { en: `${short(name)}${onHost(host)}`, zh: `${onHostZh(host)}的 ${short(name)}` },
  needs: [],
  of: (recording) => sysctl(recording, name, host),
});

/** The value of a sysctl as a number. */
export const numberOf = (host: HostName, name: string): Figure => ({
  ...sysctlOf(host, name),
  of: (recording) => {
    const value = sysctl(recording, name, host);
    return value === null ? null : Number(value);
  },
});

/** The default of a sysctl; null when the setup sets it. */
export const defaultOf = (host: HostName, name: string, unit?: "s"): Figure => ({
  name: { en: `${short(name)} by default`, zh: `${short(name)} 的默认值` },
  needs: [],
  ...(unit !== undefined && { unit }),
  of: (recording) => {
    const value = sysctl(recording, name, host);
    const isSet = name in (recording.header.setup.hosts[host]?.sysctls ?? {});
    return value === null || isSet ? null : Number(value);
  },
});

/** How many ports a host can connect from. */
export const portsOf = (host: HostName): Figure => ({
  name: {
    en: `ports in ip_local_port_range${onHost(host)}`,
    zh: `${onHostZh(host)} ip_local_port_range 的端口`,
  },
  needs: [],
  of: (recording) => localPorts(recording, host),
});

/** How far a counter had moved in the last sample. */
export const counterOf = (which: Counter): Figure => ({
  name: {
    en: `${which.counter}${onHost(which.host)}, risen by`,
    zh: `${onHostZh(which.host)} ${which.counter} 增加`.trim(),
  },
  needs: ["counters"],
  of: (recording) => counterDelta(recording, which),
});

/** How far several counters had moved, added up. */
export const countersOf = (host: HostName, counters: readonly string[]): Figure => ({
  name: {
    en: `${counters.join(" and ")}${onHost(host)}, risen by`,
    zh: `${onHostZh(host)} ${counters.join(" 与 ")} 共增加`,
  },
  needs: ["counters"],
  of: (recording) => {
    const deltas = counters.map((counter) => counterDelta(recording, { host, counter }));
    return deltas.reduce((sum, one) => (sum === null || one === null ? null : sum + one), 0);
  },
});

/** How far a counter had moved when an intervention took place. */
export const counterBefore = (intervention: string, which: Counter): Figure => ({
  name: {
    en: `rise of ${which.counter}${onHost(which.host)} before "${intervention}"`,
    zh: `在“${intervention}”之前${onHostZh(which.host)} ${which.counter} 增加`,
  },
  needs: ["counters"],
  of: (recording) => {
    const done = samplesOf(recording, "intervention").find(({ name }) => name === intervention);
    if (done === undefined) return null;
    return counterSeries(recording, which).window(0, done.atUs).last?.value ?? null;
  },
});

/** How many samples had a lower counter than the sample before. */
export const counterFalls = (which: Counter): Figure => ({
  name: {
    en: `samples with a lower ${which.counter} than before`,
    zh: `观测到 ${which.counter} 减少的次数`,
  },
  needs: ["counters"],
  of: (recording) => {
    const { points, isEmpty } = counterSeries(recording, which);
    return isEmpty ? null : points.filter(({ value }, nth) => value < (points[nth - 1]?.value ?? 0)).length;
  },
});

/** The most connections that waited for accept(), or those in the last sample: Recv-Q. */
export const queued = (which: Listeners, when: "most" | "last" = "most"): Figure => ({
  name: {
    en: `connections in the accept queue${onHost(which.host)}${when === "most" ? ", at the peak" : ", in the last sample"}`,
    zh: `${onHostZh(which.host)}全连接队列中的连接${when === "most" ? "，最多时" : "，最后一次观测"}`,
  },
  needs: ["listeners"],
  of: (recording) => {
    const series = queueSeries(recording, which);
    return (when === "most" ? series.peak : series.last)?.value ?? null;
  },
});

/** The listener's limit of waiting connections, Send-Q: when its queue was fullest, in the first sample or in the last. */
export const sendQueue = (host: HostName, when: "fullest" | "first" | "last" = "fullest"): Figure => {
  const words = {
    fullest: { en: "", zh: "" },
    first: { en: " in the first sample", zh: "起初" },
    last: { en: " in the last sample", zh: "最后" },
  };
  return {
    name: {
      en: `Send-Q of the listener on ${host}${words[when].en}`,
      zh: `${host} 上监听套接字的 Send-Q ${words[when].zh}`.trim(),
    },
    needs: ["listeners"],
    of: (recording) => {
      if (when === "fullest") return fullestQueue(recording, { host })?.backlog ?? null;
      const looks = samplesOf(recording, "listeners", host).flatMap(({ listeners }) => listeners);
      return looks.at(when === "first" ? 0 : -1)?.backlog ?? null;
    },
  };
};

/** A program's descriptors, at the peak or in the last sample. */
export const descriptorsOf = (which: Processes, when: "most" | "last"): Figure => ({
  name: {
    en: `descriptors of ${which.program ?? "the processes"}${onHost(which.host)}${when === "most" ? ", at the peak" : ", in the last sample"}`,
    zh: `${onHostZh(which.host)} ${which.program ?? "进程"} 的描述符${when === "most" ? "，最多时" : "，最后一次观测"}`.trim(),
  },
  needs: ["processes"],
  of: (recording) => {
    const series = processSeries(recording, which, "descriptors");
    return (when === "most" ? series.peak : series.last)?.value ?? null;
  },
});

/** How many socket descriptors a program had at the end of a phase. */
export const socketDescriptors = (phase: PhaseName, which: Processes): Figure => ({
  name: {
    en: `socket descriptors of ${which.program ?? "the processes"}, at the end of ${phase}`,
    zh: `${phase} 阶段结束时 ${which.program ?? "进程"} 的套接字描述符`,
  },
  needs: ["processes"],
  of: (recording) => processSeries(recording, which, "sockets").during(phase).last?.value ?? null,
});

/** How many socket descriptors several programs freed before the end of a phase. */
export const descriptorsGivenBack = (phase: PhaseName, programs: readonly string[]): Figure => ({
  name: {
    en: `descriptors that ${programs.join(" and ")} freed before the end of ${phase}`,
    zh: `${phase} 阶段结束前 ${programs.join("、")} 归还的描述符`,
  },
  needs: ["processes"],
  of: (recording) =>
    programs
      .map((program) => descriptorsBack(recording, { host: "server", program }, phase))
      .reduce<number | null>((sum, one) => (sum === null || one === null ? null : sum + one), 0),
});

/** How many more descriptors the process could have had that came nearest to its limit. */
export const descriptorsFree = (which: Processes): Figure => ({
  name: {
    en: `descriptors left for ${which.program ?? "the process nearest to its limit"}${onHost(which.host)}`,
    zh: `${onHostZh(which.host)} ${which.program ?? "最接近上限的进程"} 还剩的描述符`.trim(),
  },
  needs: ["processes"],
  of: (recording) => {
    const use = nearestToLimit(recording, which);
    return use === null ? null : Math.max(0, use.limit - use.descriptors);
  },
});

/** How many sockets the same two or more processes hold in more than one sample. */
export const socketsHeldTogether = ({ host }: { host?: HostName }): Figure => ({
  name: {
    en: `sockets held by several processes${onHost(host)}`,
    zh: `${onHostZh(host)}被多个进程同时持有的套接字`,
  },
  needs: ["processes"],
  of: (recording) => sharedSockets(recording, host).length,
});

/** The descriptor limit of the process that came nearest to its limit. */
export const descriptorLimit = (which: Processes): Figure => ({
  name: {
    en: `the descriptor limit of ${which.program ?? "the processes"}`,
    zh: `${which.program ?? "进程"} 的描述符上限`,
  },
  needs: ["processes"],
  of: (recording) => nearestToLimit(recording, which)?.limit ?? null,
});
