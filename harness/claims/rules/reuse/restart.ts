import { calls } from "../../../measure/calls.ts";
import { samplesOf } from "../../../measure/evidence.ts";
import type { Recording } from "../../../model/recording.ts";
import { atLeast, atMost, between, exactly } from "../../../verdict/bound.ts";
import { figureOf, question, wordsOf } from "../../former.ts";
import type { Question, Rule } from "../../former.ts";
import { foreignBytes, listenedAgain, refusedAttempts, refusedSeconds, REPORT, result } from "./seen.ts";

const CRASH = ["report" as const, "intervention" as const];

/** The documents put 2MSL at 60 s to 4 minutes; a timer may be late. */
const barredFor2Msl: Question = figureOf(
  { en: "the port was refused for {} s after the crash", zh: "崩溃后 {} 秒内端口被拒绝" },
  { needs: CRASH, of: refusedSeconds },
  between(55, 250),
);
const wasRefused: Question = figureOf(
  { en: "attempts that came to EADDRINUSE: {}", zh: "返回 EADDRINUSE 的尝试次数：{}" },
  { needs: CRASH, of: refusedAttempts },
  // One that was made while the old server was dying does not count.
  atLeast(5),
);
const listensAtOnce: Question = figureOf(
  { en: "{} s after the crash it listened again", zh: "崩溃后 {} 秒即重新监听成功" },
  { needs: CRASH, of: refusedSeconds },
  atMost(5),
);
const listensAgain: Question = figureOf(
  { en: "listeners that the next seconds brought: {}", zh: "随后几秒内监听成功次数：{}" },
  { needs: CRASH, of: listenedAgain },
  exactly(1),
);

/** The states in which the server's ends were when the last attempt to listen was made, but for TIME-WAIT and the listener's own. */
function otherStates(recording: Recording): string[] | null {
  const last = calls(recording, { program: "server", call: "listen" }).at(-1);
  if (last === undefined) return null;
  const look = samplesOf(recording, "sockets", "server").findLast(({ atUs }) => atUs < last.atUs);
  const groups = look?.groups.filter(({ side, port }) => side === "listener" && port === last.localPort);
  return groups?.map(({ state }) => state).filter((one) => one !== "LISTEN" && one !== "TIME-WAIT") ?? null;
}

const inOtherStates: Question = question(["report", "sockets"], (recording) => {
  const states = otherStates(recording);
  const came = result(recording, { program: "server", call: "listen" }, "last");
  if (states === null || states.length === 0 || came === null) {
    return {
      holds: null,
      observed: { en: "no connection in another state was seen", zh: "没有看到处于其他状态的连接" },
    };
  }
  const named = [...new Set(states)];
  return {
    holds: came === "EADDRINUSE",
    observed: {
      en: `with connections in ${named.join(", ")}, listening again came to ${came}`,
      zh: `有连接处于 ${named.join("、")} 时，重新监听返回 ${came}`,
    },
  };
});

/** Of a server that takes the port of one that was there before. */
export const restart: Rule[] = [
  {
    id: "C69",
    under: [
      {
        where: {
          en: "killed with a connection open, nobody sets SO_REUSEADDR",
          zh: "有连接时被杀死，新旧进程都不设 SO_REUSEADDR",
        },
        in: ["bind-again/neither"],
        asks: [wasRefused, barredFor2Msl],
      },
      {
        where: { en: "both set SO_REUSEADDR", zh: "新旧进程都设 SO_REUSEADDR" },
        in: ["bind-again/both"],
        asks: [listensAtOnce, listensAgain],
      },
    ],
    beyond: [
      {
        where: {
          en: "only the new server sets SO_REUSEADDR",
          zh: "只有新进程设 SO_REUSEADDR",
        },
        in: ["bind-again/successor-only"],
        asks: [listensAgain],
      },
      {
        where: {
          en: "nobody sets it, and the client had closed before the crash",
          zh: "都不设，但崩溃前客户端已先关闭",
        },
        in: ["bind-again/client-closed"],
        asks: [wasRefused],
      },
    ],
    because: {
      "holds-with-limits": {
        en: "What bars the port is the server's own TIME-WAIT: there is none when the clients have closed first. And a TIME-WAIT inherits the option from its listener, so the server that crashed must have set SO_REUSEADDR, too.",
        zh: "占住端口的是服务器自己的 TIME-WAIT：若客户端先关闭就没有它，bind 立即成功。TIME-WAIT 还继承原监听套接字的选项，所以崩溃的那个进程也必须设过 SO_REUSEADDR，只给新进程设没有用。",
      },
      refuted: {
        en: "A killed server's port was free at once, or SO_REUSEADDR did not free it.",
        zh: "被杀死的服务器的端口立即可用，或者 SO_REUSEADDR 没能让它可用。",
      },
    },
  },
  {
    id: "C70",
    under: [
      {
        where: { en: "nobody listens, all have SO_REUSEADDR", zh: "没有监听者，全部设了 SO_REUSEADDR" },
        in: ["bind-again/all-states"],
        asks: [inOtherStates],
      },
    ],
    beyond: [
      {
        where: { en: "somebody still listens", zh: "仍有监听者" },
        in: ["bind-again/all-states"],
        asks: [
          wordsOf(
            { en: "listening there came to {}", zh: "在同一端口监听返回 {}" },
            {
              needs: REPORT,
              of: (recording) => result(recording, { program: "server", call: "listen" }, 1),
            },
            "EADDRINUSE",
          ),
        ],
      },
      {
        where: { en: "nobody listens, and there is TIME-WAIT alone", zh: "没有监听者，只有 TIME-WAIT" },
        in: ["bind-again/both"],
        asks: [listensAgain],
      },
    ],
    because: {
      refuted: {
        en: "On Linux no state of a connection stands in the way, only a listener does. Where old and new sockets have SO_REUSEADDR, the port can be listened on with connections in any state.",
        zh: "在 Linux 上，连接处于什么状态都不妨碍，只有监听者才妨碍。新旧套接字都设 SO_REUSEADDR 时，不论旧连接处于哪个状态都能重新监听。",
      },
      holds: {
        en: "With connections in other states than TIME-WAIT the port was refused.",
        zh: "旧连接处于 TIME-WAIT 以外的状态时，端口被拒绝。",
      },
    },
  },
  {
    id: "C251",
    under: [
      {
        where: {
          en: "restarted on its port with SO_REUSEADDR while a client of the old server goes on sending",
          zh: "带 SO_REUSEADDR 重启，而旧进程的客户端继续在旧连接上发送",
        },
        in: ["bind-again/both"],
        asks: [
          figureOf(
            {
              en: "{} bytes reached the new server beside the 23 of its own connection",
              zh: "除自己连接的 23 字节外，新进程还收到 {} 字节",
            },
            { needs: REPORT, of: unexpectedBytes },
            atLeast(1),
          ),
        ],
      },
    ],
    beyond: [
      {
        where: {
          en: "a new connection between the same two ports, without TIME-WAIT, timestamps or numbers of the clock",
          zh: "同一四元组的新连接，没有 TIME-WAIT、没有时间戳、序列号重叠",
        },
        in: ["old-duplicate/no-guard"],
        asks: [
          figureOf(
            {
              en: "bytes of the former connection that were read as its own: {}",
              zh: "旧连接的 {} 字节混了进来",
            },
            { needs: REPORT, of: foreignBytes },
            atLeast(1),
          ),
        ],
      },
    ],
    because: {
      refuted: {
        en: "The kernel keeps old connections apart from the new listener: their data is answered by a RST. For old bytes to arrive there must be a new connection between the very two ports, without TIME-WAIT, without timestamps and with overlapping numbers; a restart is no part of that.",
        zh: "内核把旧连接与新的监听套接字分得很清楚：旧连接上的数据只会得到 RST。旧字节要混进来，必须有同一四元组的新连接，而且没有 TIME-WAIT、没有时间戳、序列号还重叠；这与是否重启无关。",
      },
      holds: {
        en: "Data of an old connection reached the new server.",
        zh: "旧连接的数据到了新进程。",
      },
    },
  },
];

/** What the successor read from the one connection that was its own, without the bytes that belong there. */
function unexpectedBytes(recording: Recording): number | null {
  const own = calls(recording, { program: "stale", call: "send" }).at(-1)?.result;
  const read = calls(recording, { program: "successor", call: "recv" })[0]?.bytes;
  const sent = calls(recording, { program: "stale", call: "send" })[0]?.result;
  if (typeof own !== "number" || typeof sent !== "number" || typeof read !== "number") return null;
  return read - own;
}
