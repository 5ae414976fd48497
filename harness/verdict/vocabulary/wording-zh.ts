import type { Holder } from "../../measure/processes.ts";
import type { Segments } from "../../measure/segments.ts";
import type { Sockets } from "../../measure/sockets.ts";
import type { HostName } from "../../model/names.ts";
import type { WireFate } from "../../model/sample.ts";
import type { Exchanged, Owner, Timer } from "../../model/state.ts";
import { listed, MOST_QUOTED, seconds } from "./wording.ts";

/** The first of some things, each with its time: `client 的 SYN（0.01 s）、...`. */
export function quotedZh<T extends { atUs: number }>(things: T[], name: (thing: T) => string): string {
  const words = things.slice(0, MOST_QUOTED).map((thing) => `${name(thing)}（${seconds(thing.atUs)}）`);
  return `${words.join("、")}${things.length > MOST_QUOTED ? "、..." : ""}`;
}

/** `client 上的`, or nothing when no host is named. */
export function onHostZh(host: string | undefined): string {
  return host === undefined ? "" : `${host} 上`;
}

/** `load 阶段的`, or nothing when no phase is named. */
export function duringZh(phase: string | undefined): string {
  return phase === undefined ? "" : `${phase} 阶段`;
}

/** `CLOSE-WAIT 套接字`: the short name of what a selector means. */
export function socketsInShortZh({ state }: Sockets): string {
  const states = listed(state).join(" 或 ");
  return states === "" ? "套接字" : `${states} 套接字`;
}

/** What a selector means, in full: `server 上 8080 端口监听端的 CLOSE-WAIT 套接字（由监听进程持有）`. */
export function socketsInFullZh(which: Sockets, host?: HostName): string {
  const { port, side, timer, owner, exchanged } = which;
  const end = side === undefined ? "" : side === "listener" ? "监听端" : "连接端";
  const place = `${onHostZh(host)}${port === undefined ? "" : ` ${port} 端口`}${end}`.trim();
  const details = [
    ...queueWords(which),
    ...(timer === undefined
      ? []
      : [
          listed(timer)
            .map((one) => TIMERS[one])
            .join("或"),
        ]),
    ...(exchanged === undefined
      ? []
      : [
          listed(exchanged)
            .map((one) => EXCHANGED[one])
            .join("或"),
        ]),
    ...(owner === undefined
      ? []
      : [
          listed(owner)
            .map((one) => OWNERS[one])
            .join("或"),
        ]),
  ];
  const more = details.length === 0 ? "" : `（${details.join("，")}）`;
  return `${place === "" ? "" : `${place}的 `}${socketsInShortZh(which)}${more}`;
}

const TIMERS: Record<Timer, string> = {
  none: "没有定时器",
  on: "重传定时器在走",
  keepalive: "保活定时器在走",
  timewait: "timewait 定时器在走",
  persist: "坚持定时器在走",
  delack: "确认被推迟",
};

const EXCHANGED: Record<Exchanged, string> = {
  nothing: "没有收发过数据",
  sent: "只发送过数据",
  received: "只接收过数据",
  both: "收发过数据",
};

const OWNERS: Record<Owner, string> = {
  none: "没有进程持有",
  listener: "只由监听进程持有",
  process: "由非监听进程持有",
  shared: "由多个进程同时持有",
  unseen: "由看不见的进程持有",
};

function queueWords({ receiveQueue, sendQueue }: Sockets): string[] {
  const words = (queue: string, wanted: Sockets["receiveQueue"]): string[] =>
    wanted === undefined ? [] : [wanted === "empty" ? `${queue}队列为空` : `${queue}队列里有数据`];
  return [...words("接收", receiveQueue), ...words("发送", sendQueue)];
}

const FATES: Record<WireFate, string> = {
  passed: "通过",
  dropped: "被丢弃",
  held: "被扣留",
  duplicated: "被复制",
  corrupted: "被损坏",
  lost: "丢失",
  cut: "被截断",
};

/** Which segments, to stand before the noun: `client 发出的带 SYN 不带 ACK 的`. Empty when all segments are meant. */
export function segmentsInFullZh(which: Segments): string {
  const { link, connection, from, flags = [], without = [], payload, fate, rule, phase, untilEnd } = which;
  const flagWords = [
    ...(flags.length === 0 ? [] : [`带 ${flags.join("、")}`]),
    ...(without.length === 0 ? [] : [`不带 ${without.join("、")}`]),
    ...(payload === undefined ? [] : [payload === "some" ? "带数据" : "不带数据"]),
  ];
  const parts = [
    ...(phase === undefined ? [] : [duringZh(phase)]),
    ...(untilEnd === undefined ? [] : ["程序结束之前"]),
    ...(link === undefined ? [] : [`第 ${link} 条线路上`]),
    ...(connection === undefined ? [] : [`第 ${connection} 条连接上`]),
    ...(from === undefined ? [] : [`${from} 发出的`]),
    ...(fate === undefined
      ? []
      : [
          `${[fate]
            .flat()
            .map((one) => FATES[one])
            .join("或")}的`,
        ]),
    ...(rule === undefined ? [] : [`由规则“${rule}”处理的`]),
    ...(flagWords.length === 0 ? [] : [`${flagWords.join("、")} 的`]),
  ];
  return parts.join("");
}

/** `node（pid 31，server 的）`. Names at most three. */
export function holdersInWordsZh(holders: Holder[]): string {
  const named = holders.slice(0, 3).map(({ pid, name, program }) => {
    const of = program === null ? "" : `，${program} 的`;
    return `${name ?? "某进程"}（pid ${pid}${of}）`;
  });
  const more = holders.length - named.length;
  return `${named.join("、")}${more > 0 ? `等 ${holders.length} 个进程` : ""}`;
}

/** Puts a space between Chinese and Latin characters, and removes the other spaces that joined parts leave. */
export function spaced(text: string): string {
  return text
    .replaceAll(/(\p{Script=Han})([\w<>=+-])/gu, "$1 $2")
    .replaceAll(/([\w)%])(\p{Script=Han})/gu, "$1 $2")
    .replaceAll(/(?<=\p{Script=Han}) +(?=\p{Script=Han})/gu, "")
    .replaceAll(/ +(?=[，。、；：）”])|(?<=[，。、；：（）“”]) +/g, "")
    .replaceAll(/ {2,}/g, " ")
    .trim();
}
