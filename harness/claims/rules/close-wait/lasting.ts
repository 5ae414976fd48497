import type { Sockets } from "../../../measure/sockets.ts";
import { isUnknown } from "../../../model/state.ts";
import { type Bound, atLeast, atMost, between, exactly } from "../../../verdict/bound.ts";
import { figureOf, question } from "../../former.ts";
import type { Question, Rule } from "../../former.ts";
import {
  closeWait,
  descriptorsBack,
  left,
  secondsAfter,
  secondsSeen,
  secondsUntilGone,
  timerOn,
  type TimerSeen,
} from "./measures.ts";

/** The ports of close-wait-ends, by what becomes of the other end; at `late` this end closes. */
const THERE = closeWait(8080);
const FORGOTTEN = closeWait(8081);
const GONE = closeWait(8082);
const LATE = closeWait(8083);
const RESET = closeWait(8084);

const isNone = (seen: TimerSeen): boolean => seen.timer === "none";
const isProbing = (seen: TimerSeen): boolean => seen.timer === "keepalive";
const isDueInTwoHours = (seen: TimerSeen): boolean => isProbing(seen) && seen.dueS >= 7190;

const lasted = (which: Sockets, bound: Bound): Question =>
  figureOf(
    { en: "CLOSE-WAIT lasted {} s", zh: "CLOSE-WAIT 持续了 {} 秒" },
    { needs: ["sockets"], of: (recording) => secondsSeen(recording, which) },
    bound,
  );

const gone = (which: Sockets, bound: Bound): Question =>
  figureOf(
    { en: "CLOSE-WAIT was gone after {} s", zh: "CLOSE-WAIT 在 {} 秒后消失" },
    { needs: ["sockets"], of: (recording) => secondsUntilGone(recording, which) },
    bound,
  );

const timer = (which: Sockets, isWanted: (seen: TimerSeen) => boolean): Question =>
  question(["sockets"], (recording) => {
    const seen = recording === undefined ? null : timerOn(recording, which);
    if (seen === null)
      return { holds: null, observed: { en: "no look tells of a timer", zh: "观测不到定时器" } };
    const { timer: name, dueS } = seen;
    return {
      holds: isUnknown(name) ? null : isWanted(seen),
      observed:
        name === "none"
          ? { en: "no timer of the kernel's runs on it", zh: "内核没有在它上面运行任何定时器" }
          : {
              en: `the kernel's timer on it: ${name}, due in ${dueS} s`,
              zh: `内核在它上面的定时器：${name}，${dueS} 秒后到期`,
            },
    };
  });

const stillThere = (which: Sockets[], of: number, bound: Bound): Question =>
  figureOf(
    { en: `still in CLOSE-WAIT at the end: {} of ${of}`, zh: `结束时仍处于 CLOSE-WAIT：${of} 个中的 {} 个` },
    { needs: ["sockets"], of: (recording) => total(which.map((one) => left(recording, one))) },
    bound,
  );

const back = (programs: string[], bound: Bound): Question =>
  figureOf(
    {
      en: `descriptors given back: {} of ${programs.length}`,
      zh: `归还的描述符：${programs.length} 个中的 {} 个`,
    },
    {
      needs: ["processes"],
      of: (recording) => total(programs.map((program) => descriptorsBack(recording, program))),
    },
    bound,
  );

function total(counts: (number | null)[]): number | null {
  return counts.reduce((sum, one) => (sum === null || one === null ? null : sum + one), 0);
}

const untilKilled: Question = figureOf(
  { en: "gone {} s after the process was killed", zh: "进程被杀死 {} 秒后消失" },
  { needs: ["sockets", "intervention"], of: (recording) => secondsAfter(recording, "killed", THERE) },
  atMost(1.5),
);

/** The same clients, on a program that ignores the end of the file and on one that closes. */
const bugAndCure: Question = question(["sockets"], (...recordings) => {
  const [ignored = null, closed = null] = recordings.map((one) => left(one, closeWait(8080)));
  if (ignored === null || closed === null) {
    return { holds: null, observed: { en: "nobody looked", zh: "没有观测" } };
  }
  return {
    holds: ignored > 0 && closed === 0,
    observed: {
      en: `CLOSE-WAIT left: ${ignored} where end-of-file is ignored, ${closed} where it is answered with close()`,
      zh: `剩余 CLOSE-WAIT：忽略 EOF 的程序 ${ignored} 个，读到 EOF 就 close() 的程序 ${closed} 个`,
    },
  };
});

/** CLOSE-WAIT: how long it lasts, and what ends it or hides it. */
export const rules: Rule[] = [
  {
    id: "C37",
    under: [
      {
        where: {
          en: "with the kernel's defaults and a program that never closes",
          zh: "内核默认参数、程序从不关闭",
        },
        in: ["close-wait-ends/defaults"],
        asks: [lasted(THERE, atLeast(64)), timer(THERE, isNone), untilKilled],
      },
      {
        where: { en: "when the program closes 3 s later", zh: "程序 3 秒后才关闭" },
        in: ["close-wait-ends/defaults"],
        asks: [gone(LATE, between(1.5, 6))],
      },
      {
        where: { en: "as a bug, and without it", zh: "有此程序缺陷与修复后" },
        in: ["close-wait-leak/buggy", "close-wait-leak/fixed"],
        asks: [bugAndCure],
      },
    ],
    beyond: [
      {
        where: {
          en: "with SO_KEEPALIVE, when the peer's host is there",
          zh: "设置了 SO_KEEPALIVE，对端主机仍在",
        },
        in: ["close-wait-ends/probes"],
        asks: [lasted(THERE, atLeast(6))],
      },
      {
        where: {
          en: "with SO_KEEPALIVE, when the peer's host is gone",
          zh: "设置了 SO_KEEPALIVE，对端主机已消失",
        },
        in: ["close-wait-ends/probes"],
        asks: [stillThere([GONE], 1, exactly(1))],
      },
      {
        where: { en: "when the peer sends a RST", zh: "对端发来 RST" },
        in: ["close-wait-ends/no-probes"],
        asks: [stillThere([RESET], 1, exactly(1))],
      },
    ],
    because: {
      holds: {
        en: "no timer runs in CLOSE-WAIT, and nothing but the program's own close() led out of it",
        zh: "CLOSE-WAIT 上没有任何定时器，只有程序自己 close() 才能离开这个状态",
      },
      "holds-with-limits": {
        en: "the kernel sets no timer in CLOSE-WAIT and waits for the program, for ever; but a RST from the peer, or keep-alive probes that nobody answers, end the connection without it (the descriptor stays)",
        zh: "内核不给 CLOSE-WAIT 设定时器，会一直等程序关闭；但对端的 RST，或得不到应答的 keepalive 探测，会在程序不参与的情况下结束连接（描述符仍被占用）",
      },
      refuted: {
        en: "CLOSE-WAIT ended though the program had not closed, or stayed though it had",
        zh: "程序没有关闭，CLOSE-WAIT 却结束了；或者程序已关闭，它却还在",
      },
    },
  },
  {
    id: "C38",
    under: [
      {
        where: { en: "when the program closes 3 s later", zh: "程序 3 秒后关闭" },
        in: ["close-wait-ends/defaults"],
        asks: [gone(LATE, atLeast(7200))],
      },
      {
        where: {
          en: "with SO_KEEPALIVE and tcp_keepalive_time as the kernel has it",
          zh: "设置 SO_KEEPALIVE，tcp_keepalive_time 取内核默认值",
        },
        in: ["close-wait-ends/defaults"],
        asks: [timer(GONE, isDueInTwoHours)],
      },
    ],
    beyond: [
      {
        where: { en: "when the peer sends a RST", zh: "对端发来 RST" },
        in: ["close-wait-ends/defaults"],
        asks: [gone(RESET, atLeast(7200))],
      },
      {
        where: {
          en: "when the program never closes and has no SO_KEEPALIVE",
          zh: "程序从不关闭且没有 SO_KEEPALIVE",
        },
        in: ["close-wait-ends/defaults"],
        asks: [timer(THERE, (seen) => isNone(seen) || isDueInTwoHours(seen)), lasted(THERE, atLeast(64))],
      },
    ],
    because: {
      refuted: {
        en: "CLOSE-WAIT has no least and no greatest length: it ends with close(), and without it never. Two hours is tcp_keepalive_time (7200 s), when the first probe is sent; it matters to sockets with SO_KEEPALIVE alone, which is off by default, and ends nothing while the peer answers",
        zh: "CLOSE-WAIT 既无下限也无上限：程序 close() 它就结束，不 close() 就永远存在。两小时是 tcp_keepalive_time（7200 秒），即首次探测前的空闲时间，只对设置了 SO_KEEPALIVE 的套接字有效（默认关闭），而且只要对端还应答，探测也不会结束它",
      },
      "holds-with-limits": {
        en: "it lasted for two hours where nothing ended it before",
        zh: "没有别的事情结束它时，它确实持续了两个小时",
      },
    },
  },
  {
    id: "C39",
    under: [
      {
        where: {
          en: "with probes after 1 s for the whole host, and nothing changed in the program",
          zh: "把整机 keepalive 改为 1 秒，程序不变",
        },
        in: ["close-wait-ends/no-probes"],
        asks: [timer(GONE, isProbing), stillThere([GONE, FORGOTTEN], 2, exactly(0))],
      },
    ],
    beyond: [
      {
        where: {
          en: "with SO_KEEPALIVE too, when the peer is gone",
          zh: "同时设置 SO_KEEPALIVE，对端已不在",
        },
        in: ["close-wait-ends/probes"],
        asks: [stillThere([GONE, FORGOTTEN], 2, exactly(0)), back(["gone", "forgotten"], exactly(2))],
      },
      {
        where: { en: "with SO_KEEPALIVE too, when the peer is there", zh: "同时设置 SO_KEEPALIVE，对端仍在" },
        in: ["close-wait-ends/probes"],
        asks: [lasted(THERE, atMost(5))],
      },
    ],
    because: {
      refuted: {
        en: "the document says that they help: by themselves they change nothing, for they only say how probes are sent, and a socket without SO_KEEPALIVE sends none. With it, a peer that is there answers every probe and the CLOSE-WAIT stays; where the peer is gone the row in ss goes, and the descriptor is leaked as before. Only close() cures",
        zh: "原文说“有助于解决”，但只改参数毫无作用：它们只规定探测怎么发，没有 SO_KEEPALIVE 的套接字根本不发探测。就算设置了，对端还在就会应答，CLOSE-WAIT 照旧；对端不在时 ss 里那一行会消失，但描述符照样泄漏。真正的办法只有 close()",
      },
      "holds-with-limits": {
        en: "probes take away the rows whose peer is gone, and no descriptor",
        zh: "探测能清掉对端已不在的连接，却收不回描述符",
      },
      holds: {
        en: "probes ended them, and the descriptors came back",
        zh: "探测结束了这些连接，描述符也归还了",
      },
    },
  },
];
