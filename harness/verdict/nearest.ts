import type { Evidence } from "../measure/evidence.ts";
import { type Candidate, nearestTo, type Wanted } from "../measure/near.ts";
import type { Condition, Sockets } from "../measure/sockets.ts";
import type { Exchanged, Owner, Timer } from "../model/state.ts";
import type { Language, Text } from "../model/text.ts";
import { countOf, listed, socketsInFull } from "./vocabulary/wording.ts";
import { onHostZh, socketsInFullZh } from "./vocabulary/wording-zh.ts";

/** How many of the unmet conditions a sentence names. */
const MOST_NAMED = 2;

/**
 * Why a claim does not hold whose sockets are missing: which existing sockets come nearest, and which conditions they do not
 * meet. null when there are no sockets, or when the nearest meet all conditions and are only too few or too short-lived.
 */
export function nearest(evidence: Evidence, wanted: Wanted): Text | null {
  const found = nearestTo(evidence, wanted);
  if (found === null || found.unmet.length === 0) return null;
  const unmet = found.unmet.map((one) => unmetInWords(one, wanted.which, found.instead));
  const [which, why] = [inWords(found), inShort(found.lack === null ? unmet : [...unmet, found.lack])];
  return { en: `nearest: ${which.en}: ${why.en}`, zh: `最接近的：${which.zh}：${why.zh}` };
}

/** How many sockets, their state, end and port, and their owner when the owner is one of the named conditions. */
function inWords({ where, unmet, instead: { host, owner }, many }: Candidate): Text {
  const isNamed = unmet.slice(0, MOST_NAMED).includes("owner");
  const which = { ...where, ...(isNamed && owner !== undefined && { owner }) };
  return {
    en: `${host === undefined ? "" : `on ${host}, `}${many} ${socketsInFull(which, many)}`,
    zh: `${onHostZh(host)}${many} 个${socketsInFullZh(which)}`,
  };
}

/** An unmet condition as a sentence: `the owner is not the process that listens`. */
function unmetInWords(condition: Condition, which: Sockets, seen: Sockets): Text {
  switch (condition) {
    case "host":
      return { en: `the host is not ${which.host}`, zh: `主机不是 ${which.host}` };
    case "port":
      return { en: `the port is not ${which.port}`, zh: `端口不是 ${which.port}` };
    case "state": {
      const states = listed(which.state);
      return { en: `the state is ${notAny(states)}`, zh: `状态不是 ${states.join(" 或 ")}` };
    }
    case "side":
      return which.side === "listener"
        ? { en: "the end is not the listening one", zh: "不是监听端" }
        : { en: "the end is not the connecting one", zh: "不是连接端" };
    case "timer":
      return timerInWords(listed(which.timer), listed(seen.timer));
    case "receiveQueue":
      return queueInWords({ en: "receive", zh: "接收" }, which.receiveQueue);
    case "sendQueue":
      return queueInWords({ en: "send", zh: "发送" }, which.sendQueue);
    case "owner":
      return ownerInWords(listed(which.owner));
    case "exchanged": {
      const [one] = listed(seen.exchanged);
      return one === undefined ? { en: "the bytes were not counted", zh: "没有读取字节数" } : EXCHANGED[one];
    }
  }
}

function queueInWords({ en, zh }: Text, wanted: Sockets["receiveQueue"]): Text {
  return wanted === "empty"
    ? { en: `the ${en} queue is not empty`, zh: `${zh}队列不为空` }
    : { en: `the ${en} queue is empty`, zh: `${zh}队列为空` };
}

const TIMERS: Record<Timer, Text> = {
  none: { en: "no timer", zh: "没有定时器" },
  on: { en: "the retransmission timer", zh: "重传定时器" },
  keepalive: { en: "the keepalive timer", zh: "保活定时器" },
  timewait: { en: "the timewait timer", zh: "timewait 定时器" },
  persist: { en: "the persist timer", zh: "坚持定时器" },
  delack: { en: "the timer of a delayed acknowledgement", zh: "推迟确认的定时器" },
};

function timerInWords(wanted: readonly Timer[], seen: readonly Timer[]): Text {
  const [ran, others] = [named(TIMERS, seen), named(TIMERS, wanted.filter(isOne))];
  const running = { en: `${ran.en.join(" or ")} is running`, zh: `${ran.zh.join("或")}在走` };
  if (others.en.length === 0 || seen.includes("none")) return running;
  return { en: `${running.en}, ${notAny(others.en)}`, zh: `${running.zh}，不是${others.zh.join("或")}` };
}

const EXCHANGED: Record<Exchanged, Text> = {
  nothing: { en: "nothing was sent or received", zh: "没有收发过数据" },
  sent: { en: "bytes were sent and none received", zh: "只发送过数据" },
  received: { en: "bytes were received and none sent", zh: "只接收过数据" },
  both: { en: "bytes were sent and received", zh: "收发过数据" },
};

const OWNERS: Record<Owner, Text> = {
  none: { en: "no process", zh: "没有进程" },
  listener: { en: "the process that listens", zh: "监听进程" },
  process: { en: "another process", zh: "另一个进程" },
  shared: { en: "several processes", zh: "多个进程" },
  unseen: { en: "a process that lastack cannot see", zh: "看不见的进程" },
};

function ownerInWords(wanted: readonly Owner[]): Text {
  const others = named(OWNERS, wanted.filter(isOne));
  if (others.en.length === 0) return { en: "there is an owner", zh: "有持有者" };
  const [not, notZh] = [notAny(others.en), `不是${others.zh.join("或")}`];
  return others.en.length < wanted.length
    ? { en: `there is an owner, but it is ${not}`, zh: `有持有者，${notZh}` }
    : { en: `the owner is ${not}`, zh: `持有者${notZh}` };
}

function isOne(name: string): boolean {
  return name !== "none";
}

function named<T extends string>(names: Record<T, Text>, ones: readonly T[]): Record<Language, string[]> {
  return { en: ones.map((one) => names[one].en), zh: ones.map((one) => names[one].zh) };
}

/** `not a`, `neither a nor b`. */
function notAny(names: readonly string[]): string {
  return names.length === 1 ? `not ${names[0]}` : `neither ${names.join(" nor ")}`;
}

/** `a`, `a and b`. Of more than two, the first two are named and the others are counted. */
function inShort(reasons: readonly Text[]): Text {
  const first = reasons.slice(0, MOST_NAMED);
  const more = reasons.length - first.length;
  const [en, zh] = [first.map((one) => one.en), first.map((one) => one.zh).join("，")];
  if (more === 0) return { en: en.join(" and "), zh };
  return {
    en: `${en.join(", ")}, and ${countOf(more, "more condition")} ${more === 1 ? "is" : "are"} not met`,
    zh: `${zh}，另有 ${more} 个条件不符`,
  };
}
