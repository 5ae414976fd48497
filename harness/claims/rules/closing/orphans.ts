import { counterDelta } from "../../../measure/counters.ts";
import { segments } from "../../../measure/segments.ts";
import { socketSeries } from "../../../measure/sockets.ts";
import { exactly } from "../../../verdict/bound.ts";
import { figureOf, question } from "../../former.ts";
import type { Question, Rule } from "../../former.ts";

/** Rows of closing states at a host: those without a process, and those with one. */
const owners = (host: string): Question =>
  question(["sockets", "processes"], (recording) => {
    const states = ["FIN-WAIT-1", "FIN-WAIT-2", "CLOSE-WAIT", "LAST-ACK", "TIME-WAIT"] as const;
    const which = { host, state: states } as const;
    const orphans = socketSeries(recording, { ...which, owner: "none" }).peak?.value ?? null;
    const held =
      socketSeries(recording, { ...which, owner: ["listener", "process", "shared"] }).during("drain").last
        ?.value ?? null;
    return {
      holds: orphans === null || held === null ? null : held > 0 ? false : orphans > 0 ? true : null,
      observed: {
        en: `${orphans ?? "?"} without a process, ${held ?? "?"} still with one`,
        zh: `无进程的 ${orphans ?? "?"} 个，仍有进程的 ${held ?? "?"} 个`,
      },
    };
  });

/** Sockets that no process holds any more. */
export const rules: Rule[] = [
  {
    id: "C53",
    under: [
      {
        where: { en: "close() of the only descriptor", zh: "关闭唯一的描述符" },
        in: ["half-close/close"],
        asks: [owners("client")],
      },
    ],
    beyond: [
      {
        where: { en: "when a child has the descriptor too", zh: "子进程也持有该描述符时" },
        in: ["forked-child-holds-connection/buggy"],
        asks: [owners("server")],
      },
    ],
    because: {
      "holds-with-limits": {
        en: "When the last descriptor is gone, the connection has no inode and no process: netstat -p and ss -p show none. But close() only gives back a descriptor: while a child has one too, the connection is no orphan, and no FIN has been sent.",
        zh: "最后一个描述符关闭后，连接没有 inode、也没有进程，netstat -p 和 ss -p 的进程栏为空。但 close() 只是交还一个描述符：子进程还持有时，它就不是孤儿，FIN 也没发。",
      },
    },
  },
  {
    id: "C59",
    under: [
      {
        where: {
          en: "a closed socket in FIN-WAIT-2 with TCP_LINGER2 -1",
          zh: "TCP_LINGER2 = -1 的套接字在 FIN-WAIT-2 时 close()",
        },
        in: ["orphans/unwanted"],
        asks: [
          figureOf(
            { en: "RSTs at close(): {}", zh: "close() 时发出 RST：{} 个" },
            {
              needs: ["packet"],
              of: (recording) =>
                segments(recording, { from: "client", flags: ["RST"], phase: "load" }).length,
            },
            exactly(1),
          ),
          figureOf(
            { en: "TcpExtTCPAbortOnLinger +{}", zh: "TcpExtTCPAbortOnLinger +{}" },
            {
              needs: ["counters"],
              of: (recording) =>
                counterDelta(recording, { host: "client", counter: "TcpExtTCPAbortOnLinger" }),
            },
            exactly(1),
          ),
        ],
      },
    ],
    beyond: [],
    because: {},
    untestable: {
      reason: {
        en: "tcp_max_orphans is one number for the whole machine, and a network namespace has none of its own: to reach it takes a machine that may be filled with orphans",
        zh: "tcp_max_orphans 整机只有一个，网络命名空间里没有自己的：要触发它，得有一台可以塞满孤儿的机器",
      },
      instead: {
        en: "what a kernel does with an orphan that it does not keep was shown on one socket (TCP_LINGER2 -1): close() is then a RST. Above tcp_max_orphans it is counted as TcpExtTCPAbortOnMemory, and orphans that are there already are hit too, when a timer of theirs runs out",
        zh: "改用单个套接字验证内核拒收孤儿时的做法（TCP_LINGER2 = -1）：close() 直接发 RST。超过 tcp_max_orphans 时计入 TcpExtTCPAbortOnMemory，而且已有的孤儿在定时器到期时同样会被清掉",
      },
      isPerMachine: true,
    },
  },
];
