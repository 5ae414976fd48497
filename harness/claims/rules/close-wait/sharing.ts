import { sharedSockets } from "../../../measure/processes.ts";
import { type Sockets, socketSeries } from "../../../measure/sockets.ts";
import { type Bound, atLeast, exactly } from "../../../verdict/bound.ts";
import { figureOf } from "../../former.ts";
import type { Question, Rule } from "../../former.ts";
import { closeWait, left, sent } from "./measures.ts";

const shared: Question = figureOf(
  { en: "sockets that two processes held: {}", zh: "被两个进程同时持有的套接字：{} 个" },
  { needs: ["processes"], of: (recording) => sharedSockets(recording, "server").length },
  atLeast(1),
);

const remaining = (which: Sockets, of: number, bound: Bound): Question =>
  figureOf(
    { en: `left in CLOSE-WAIT: {} of ${of}`, zh: `剩余 CLOSE-WAIT：${of} 个中的 {} 个` },
    { needs: ["sockets"], of: (recording) => left(recording, which) },
    bound,
  );

/** Looks that saw a state of the server's which only a FIN of its own leads to. */
const finStates = (port: number): Question =>
  figureOf(
    { en: "sockets seen in a state that our FIN leads to: {}", zh: "出现过“已发 FIN”状态的套接字：{} 个" },
    {
      needs: ["sockets"],
      of: (recording) =>
        socketSeries(recording, {
          host: "server",
          side: "listener",
          port,
          state: ["FIN-WAIT-1", "FIN-WAIT-2", "CLOSING", "LAST-ACK", "TIME-WAIT"],
        }).peak?.value ?? null,
    },
    exactly(0),
  );

const fins = (bound: Bound): Question =>
  figureOf(
    { en: "FINs from the server: {}", zh: "服务器发出的 FIN：{} 个" },
    { needs: ["packet"], of: (recording) => sent(recording, "FIN") },
    bound,
  );

const resets: Question = figureOf(
  { en: "RSTs from the server: {}", zh: "服务器发出的 RST：{} 个" },
  { needs: ["packet"], of: (recording) => sent(recording, "RST") },
  exactly(0),
);

const ONE = closeWait(8080);

/** Two processes that have a descriptor of one connection. */
export const rules: Rule[] = [
  {
    id: "C45",
    under: [
      {
        where: { en: "when the parent closes and a child holds on", zh: "父进程关闭、子进程仍持有" },
        in: ["forked-child-holds-connection/buggy"],
        asks: [shared, remaining({ ...ONE, owner: "process" }, 23, exactly(23)), finStates(8081)],
      },
      {
        where: {
          en: "when the child that served ends and the parent holds on",
          zh: "处理业务的子进程退出、父进程仍持有",
        },
        in: ["forked-child-holds-connection/buggy"],
        asks: [remaining({ ...closeWait(8082), owner: "listener" }, 23, exactly(23)), finStates(8083)],
      },
    ],
    beyond: [
      {
        where: { en: "on the wire", zh: "从报文看" },
        in: ["shared-descriptor/close"],
        asks: [shared, fins(exactly(0)), resets, remaining(ONE, 1, exactly(1))],
      },
      {
        where: {
          en: "with SO_LINGER {1, 0}, which makes of close() a RST",
          zh: "设置了会让 close() 发 RST 的 SO_LINGER {1, 0}",
        },
        in: ["shared-descriptor/linger-zero"],
        asks: [shared, fins(exactly(0)), resets, remaining(ONE, 1, exactly(1))],
      },
    ],
    because: {
      holds: {
        en: "close() gives a descriptor back, and TCP is told when the last one of the connection, in any process, is gone; not even SO_LINGER {1, 0} is heeded before. A child has a copy only if the descriptor was not close-on-exec, or it has not called exec() yet",
        zh: "close() 只归还一个描述符；要等所有进程里指向该连接的最后一个描述符关闭，TCP 才知道，此前连 SO_LINGER {1, 0} 也不起作用。子进程 exec 之后是否还持有，取决于描述符有没有设 close-on-exec",
      },
      refuted: {
        en: "a FIN went out though another process still held a descriptor, or there was no second holder",
        zh: "另一个进程仍持有描述符时 FIN 就发出了，或者根本没有第二个持有者",
      },
    },
  },
  {
    id: "C46",
    under: [
      {
        where: { en: "with shutdown(SHUT_WR)", zh: "shutdown(SHUT_WR)" },
        in: ["shared-descriptor/shutdown-write"],
        asks: [shared, fins(exactly(1))],
      },
      {
        where: {
          en: "with shutdown before close() in a server with helpers",
          zh: "服务器先 shutdown 再 close()，子进程仍持有",
        },
        in: ["forked-child-holds-connection/fixed"],
        asks: [
          shared,
          figureOf(
            { en: "left in CLOSE-WAIT: {} of 46", zh: "剩余 CLOSE-WAIT：46 个中的 {} 个" },
            {
              needs: ["sockets"],
              of: (recording) => left(recording, { host: "server", state: "CLOSE-WAIT" }),
            },
            exactly(0),
          ),
        ],
      },
    ],
    beyond: [
      {
        where: { en: "with shutdown(SHUT_RDWR)", zh: "shutdown(SHUT_RDWR)" },
        in: ["shared-descriptor/shutdown-both"],
        asks: [shared, fins(exactly(1))],
      },
      {
        where: { en: "with shutdown(SHUT_RD)", zh: "shutdown(SHUT_RD)" },
        in: ["shared-descriptor/shutdown-read"],
        asks: [shared, fins(exactly(1))],
      },
    ],
    because: {
      "holds-with-limits": {
        en: "shutdown() acts on the connection and not on one descriptor, so SHUT_WR and SHUT_RDWR send the FIN whoever else holds it; the document says so of every HOW, and SHUT_RD sends nothing at all",
        zh: "shutdown() 作用于连接而不是某个描述符，所以 SHUT_WR、SHUT_RDWR 不管还有谁持有都会发 FIN；但原文说的是任意 HOW，而 SHUT_RD 什么都不发",
      },
      holds: {
        en: "each of the three ways sent a FIN, with a second holder there",
        zh: "三种方式在有第二个持有者时都发出了 FIN",
      },
      refuted: {
        en: "no FIN went out while another process held the connection",
        zh: "另一个进程仍持有连接时没有发出 FIN",
      },
    },
  },
];
