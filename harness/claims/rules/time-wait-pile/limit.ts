import { counterDelta } from "../../../measure/counters.ts";
import { sysctl } from "../../../measure/evidence.ts";
import { connectionsMade } from "../../../measure/attempts.ts";
import { atLeast, between, exactly, type Bound } from "../../../verdict/bound.ts";
import { figureOf, question } from "../../former.ts";
import type { Question, Rule } from "../../former.ts";
import { attemptsFailed, foreignBytes, lastTimeWait, mostAtOnce, mostTimeWait } from "./figures.ts";

const LIMIT = "net.ipv4.tcp_max_tw_buckets";

const without = (bound: Bound): Question =>
  figureOf(
    { en: "{} closed without TIME-WAIT", zh: "{} 个连接未经 TIME-WAIT 直接关闭" },
    {
      needs: ["counters"],
      of: (recording) => counterDelta(recording, { counter: "TcpExtTCPTimeWaitOverflow" }),
    },
    bound,
  );

/** Whether a host had as many TIME-WAIT at once as the sysctl says, where more connections than that were closed. */
const asManyAsAllowed = (host: string): Question =>
  question(["sockets"], (recording) => {
    const most = mostTimeWait(recording, host);
    const allowed = sysctl(recording, LIMIT, host);
    return {
      holds: most === null || allowed === null ? null : most === Number(allowed),
      observed: {
        en: `at most ${most ?? "?"} in TIME-WAIT, of ${allowed ?? "?"} allowed`,
        zh: `TIME-WAIT 最多 ${most ?? "?"} 个，上限 ${allowed ?? "?"}`,
      },
    };
  });

const foreign = (bound: Bound): Question =>
  figureOf(
    { en: "{} bytes of the old connection in the new request", zh: "新请求里混入旧连接的 {} 字节" },
    { needs: ["report"], of: foreignBytes },
    bound,
  );

const failed = (bound: Bound): Question =>
  figureOf(
    { en: "{} of 97 connections failed", zh: "97 个连接中失败 {} 个" },
    { needs: ["attempt"], of: attemptsFailed },
    bound,
  );

/** What tcp_max_tw_buckets does, and what raising it brings; and what a pile says about its makers. */
export const limit: Rule[] = [
  {
    id: "C29",
    under: [
      {
        where: { en: "97 closed where 23 are allowed", zh: "上限 23，关闭 97 个连接" },
        in: ["time-wait-limit/above"],
        asks: [asManyAsAllowed("server"), without(between(50, 74))],
      },
      {
        where: { en: "97 closed where 997 are allowed", zh: "上限 997，关闭 97 个连接" },
        in: ["time-wait-limit/below"],
        asks: [without(exactly(0))],
      },
    ],
    beyond: [
      {
        where: {
          en: "where 23 are allowed, and 23 closed connections still wait for the peer's FIN",
          zh: "上限 23，且已有 23 个孤儿 FIN-WAIT-2",
        },
        in: ["time-wait-limit/held-by-fin-wait-2"],
        asks: [asManyAsAllowed("client")],
      },
    ],
    because: {
      "holds-with-limits": {
        en: "The limit is exact, and each close beyond it is counted (TcpExtTCPTimeWaitOverflow); those in TIME-WAIT already stay. But it is a limit of small records, and an orphaned FIN-WAIT-2 is one as well: such connections may use up the limit before there is a single TIME-WAIT.",
        zh: "上限是精确的，超出的每次关闭都计入 TcpExtTCPTimeWaitOverflow；已有的 TIME-WAIT 不受影响。但它限制的是 timewait 记录的总数，孤儿 FIN-WAIT-2 也占用这种记录：它们可以在一个 TIME-WAIT 都没有时就把额度用光。",
      },
      holds: {
        en: "The limit is exact, and counts TIME-WAIT alone.",
        zh: "上限精确，且只统计 TIME-WAIT。",
      },
    },
  },
  {
    id: "C220",
    under: [
      {
        where: {
          en: "without timestamps, and with sequence numbers that overlap, no TIME-WAIT allowed",
          zh: "无时间戳、序列号重叠，上限 0",
        },
        in: ["old-duplicate/no-guard"],
        asks: [foreign(atLeast(1))],
      },
      {
        where: { en: "the same with 4096 allowed", zh: "同样条件，上限 4096" },
        in: ["old-duplicate/time-wait"],
        asks: [foreign(exactly(0))],
      },
    ],
    beyond: [
      {
        where: { en: "with timestamps, no TIME-WAIT allowed", zh: "启用时间戳，上限 0" },
        in: ["old-duplicate/timestamps"],
        asks: [foreign(atLeast(1))],
      },
      {
        where: {
          en: "with first sequence numbers by the kernel's clock, no TIME-WAIT allowed",
          zh: "初始序列号由内核时钟生成，上限 0",
        },
        in: ["old-duplicate/clock"],
        asks: [foreign(atLeast(1))],
      },
    ],
    because: {
      "holds-with-limits": {
        en: "Where nothing else keeps the two apart, the TIME-WAIT does, and a connection that went without it gave its bytes to the next. By default timestamps and the clock of sequence numbers keep them apart as well, and then a higher limit makes nothing safer.",
        zh: "若没有其他手段区分新旧连接，TIME-WAIT 确实能防止数据错乱，跳过它的连接会把数据混进下一条连接。但默认还有时间戳和按时钟递增的初始序列号两道防线，此时调大上限并不会更安全。",
      },
    },
  },
  {
    id: "C221",
    under: [
      {
        where: { en: "199 connections set up and closed", zh: "建立并关闭 199 个连接" },
        in: ["short-against-long/short-http"],
        asks: [
          question(["sockets", "attempt"], (recording) => {
            const left = lastTimeWait(recording);
            const made = connectionsMade(recording);
            return {
              holds: left === null || made === null ? null : left === made,
              observed: {
                en: `${left ?? "?"} TIME-WAIT of ${made ?? "?"} connections`,
                zh: `${made ?? "?"} 个连接留下 ${left ?? "?"} 个 TIME-WAIT`,
              },
            };
          }),
        ],
      },
    ],
    beyond: [
      {
        where: { en: "as for how many of them were open at once", zh: "就并发数而言" },
        in: ["short-against-long/short-http"],
        asks: [
          figureOf(
            { en: "{} requests at once, at most", zh: "最多同时 {} 个请求" },
            { needs: ["attempt"], of: mostAtOnce },
            atLeast(20),
          ),
        ],
      },
    ],
    because: {
      "holds-with-limits": {
        en: "A pile counts closes of the last minute: set-ups and releases, as the phrase says. It tells nothing of how many connections were open at once; a few workers that open one for each job leave the same pile.",
        zh: "TIME-WAIT 的数量反映的是最近一分钟主动关闭的连接数，即“大量的建立和释放”；它与同时打开的连接数无关，几个工作线程逐个建连也会留下同样多。",
      },
    },
  },
  {
    id: "C222",
    under: [
      {
        where: { en: "at a client with 46 ports, of 23 allowed", zh: "客户端 46 个端口，上限 23" },
        in: ["time-wait-limit/few-ports"],
        asks: [failed(exactly(0))],
      },
      {
        where: { en: "the same with the default limit", zh: "同样 46 个端口，默认上限" },
        in: ["ephemeral-port-exhaustion/buggy"],
        asks: [failed(atLeast(1))],
      },
    ],
    beyond: [
      {
        where: { en: "at a listening server, 997 allowed", zh: "监听端，上限 997" },
        in: ["time-wait-limit/below"],
        asks: [failed(atLeast(1))],
      },
    ],
    because: {
      "holds-with-limits": {
        en: "At a client each TIME-WAIT that is allowed may cost a port towards its destination, and so a high limit lets the ports run out. At a listening server none costs a port; what it costs is a record in the kernel.",
        zh: "在客户端，每多允许一个 TIME-WAIT，就可能多占一个通往该目的地的端口，上限越大越容易耗尽端口。监听端的 TIME-WAIT 不占端口，只占内核里的一条记录。",
      },
    },
  },
];
