import { atLeast, atMost, type Bound } from "../../../verdict/bound.ts";
import { figureOf, wordsOf } from "../../former.ts";
import type { Question, Rule, Text } from "../../former.ts";
import { droppedForAge, lastTimeWait, olderOnSamePair, sysctlWritten } from "./figures.ts";

const TRIAL = "time-wait-recycle/set-to-1";

const written = (wanted: string): Question =>
  wordsOf(
    {
      en: "writing 1 to net.ipv4.tcp_tw_recycle came to {}",
      zh: "向 net.ipv4.tcp_tw_recycle 写入 1 的结果是 {}",
    },
    { needs: ["report"], of: sysctlWritten },
    wanted,
  );

const left = (words: Text, bound: Bound): Question =>
  figureOf(words, { needs: ["sockets"], of: (recording) => lastTimeWait(recording, "server") }, bound);

const afterFourSeconds = { en: "4 s later {} of 23 were left", zh: "4 秒后 23 个 TIME-WAIT 还剩 {} 个" };

const history = {
  text: {
    en: "until Linux 4.11 it let a TIME-WAIT go after 3.5 retransmission timeouts, and refused SYNs whose timestamp was older than the last one from their address; since 4.10 timestamps began at random, and 4.12 took it out",
    zh: "Linux 4.11 及以前，它让 TIME-WAIT 只保留 3.5 倍 RTO，并拒绝时间戳早于同一地址上次记录的 SYN；4.10 起时间戳起点随机化，4.12 将其移除",
  },
  source: "Linux commit 4396e46187ca, tcp: remove tcp_tw_recycle",
};

const here = { en: "in a host of its own", zh: "在独立的网络命名空间中" };

/** tcp_tw_recycle, which is no more, and what it did to clients behind one address. */
export const recycle: Rule[] = [
  {
    id: "C33a",
    under: [{ where: here, in: [TRIAL], asks: [written("1"), left(afterFourSeconds, atMost(0))] }],
    beyond: [],
    because: {
      obsolete: {
        en: "There is nothing to set: sysctl -p reports an error for that line, and each TIME-WAIT stays its 60 s",
        zh: "已经没有这个参数可设：sysctl -p 会对这一行报错，TIME-WAIT 照样保留 60 秒",
      },
      holds: {
        en: "On this kernel it can be set, and TIME-WAIT goes within seconds.",
        zh: "在这个内核上可以设置，TIME-WAIT 几秒内即被回收。",
      },
    },
    history,
  },
  {
    id: "C33b",
    under: [{ where: here, in: [TRIAL], asks: [written("ENOENT")] }],
    beyond: [
      {
        where: { en: "as for what it did", zh: "就其作用而言" },
        in: [TRIAL],
        asks: [left(afterFourSeconds, atLeast(18))],
      },
    ],
    because: {
      holds: {
        en: "The kernel does not know the name, and nothing else recycles.",
        zh: "内核已不认识这个名字，也没有别的机制在做快速回收。",
      },
      refuted: { en: "This kernel still has it.", zh: "这个内核仍然保留该参数。" },
    },
  },
  {
    id: "C105",
    under: [
      { where: here, in: [TRIAL], asks: [written("1")] },
      {
        where: { en: "two clients behind one address", zh: "两个客户端共用一个 NAT 地址" },
        in: ["nat-shares-ports/two-clients"],
        asks: [
          figureOf(
            {
              en: "{} SYNs got no SYN-ACK for being older than the last from that address",
              zh: "因时间戳早于同一地址上一个 SYN 而未得到 SYN-ACK 的有 {} 个",
            },
            { needs: ["packet"], of: droppedForAge },
            atLeast(1),
          ),
        ],
      },
    ],
    beyond: [
      {
        where: { en: "on a pair of ends in TIME-WAIT", zh: "同一四元组处于 TIME-WAIT 时" },
        in: ["nat-shares-ports/two-clients"],
        asks: [
          figureOf(
            {
              en: "{} older SYNs were answered with an ACK, and repeated",
              zh: "{} 个时间戳更早的 SYN 只得到 ACK，需要重传",
            },
            { needs: ["counters"], of: olderOnSamePair },
            atLeast(1),
          ),
        ],
      },
    ],
    because: {
      obsolete: {
        en: "There is no tcp_tw_recycle to set, and no timestamp is held against an address. What is left is for one pair of ends in TIME-WAIT: a SYN older than what it remembers only ends it, and has to be sent again. Behind a NAT that gives ports again soon, that is still felt",
        zh: "tcp_tw_recycle 已不存在，内核也不再按地址比较时间戳。剩下的只是四元组级别的检查：时间戳早于 TIME-WAIT 记录的 SYN 只会终结该 TIME-WAIT，重传的 SYN 才建立连接。NAT 很快复用端口时仍能感觉到",
      },
      holds: {
        en: "On this kernel it can be set, and clients behind one address are refused.",
        zh: "在这个内核上可以设置，NAT 后的客户端会被拒绝。",
      },
    },
    history,
  },
];
