import { calls } from "../../../measure/calls.ts";
import { counterDelta } from "../../../measure/counters.ts";
import { sysctl } from "../../../measure/evidence.ts";
import { lasted } from "../../../measure/lasting.ts";
import { socketSeries } from "../../../measure/sockets.ts";
import type { Recording } from "../../../model/recording.ts";
import { figure } from "../../../verdict/wording.ts";
import { question, wordsOf } from "../../former.ts";
import type { Condition, Question, Rule, Text } from "../../former.ts";
import { A_MINUTE, BY_DEFAULT, lasts, ORPHAN_LASTED, staysFor, TIME_WAIT } from "./questions.ts";

const ORPHAN = { host: "client", state: "FIN-WAIT-2", owner: "none" } as const;
const HELD = { host: "client", state: "FIN-WAIT-2", owner: "process" } as const;
const SERVERS_HELD = { host: "server", state: "FIN-WAIT-2", port: 8080 } as const;
const HELD_LASTED: Text = {
  en: "FIN-WAIT-2 held by a process lasted {} s",
  zh: "进程持有的 FIN-WAIT-2 持续 {} 秒",
};

const WITH_30: Text = { en: "with tcp_fin_timeout = 30", zh: "tcp_fin_timeout = 30 时" };
const WITH_70: Text = { en: "with tcp_fin_timeout = 70", zh: "tcp_fin_timeout = 70 时" };

/** Without room for a record, there is none: FIN-WAIT-2 is over in the moment in which it begins. */
const isKept: Question = question(["sockets", "counters"], (recording) => {
  const most = socketSeries(recording, { ...ORPHAN, timer: "timewait" }).peak?.value ?? null;
  const refused = counterDelta(recording, { host: "client", counter: "TcpExtTCPTimeWaitOverflow" });
  const holds = most === null || refused === null ? null : most > 0 ? true : refused > 0 ? false : null;
  return {
    holds,
    observed: {
      en: `${most ?? "?"} were seen, and ${refused ?? "?"} were dropped at once (TcpExtTCPTimeWaitOverflow)`,
      zh: `见到 ${most ?? "?"} 个，当场丢弃 ${refused ?? "?"} 个（TcpExtTCPTimeWaitOverflow）`,
    },
  };
});

/** That orphaned FIN-WAIT-2 and TIME-WAIT lasted equally long, to 5 s. */
const areEqual: Question = question(["sockets"], (recording) => {
  const [orphan, wait] = [lasted(recording, ORPHAN), lasted(recording, TIME_WAIT)];
  const isKnown = orphan !== null && wait !== null && orphan.isOver && wait.isOver;
  const said = (one: typeof orphan): string => (one === null ? "?" : figure(one.seconds));
  return {
    holds: isKnown ? Math.abs(orphan.seconds - wait.seconds) <= 5 : null,
    observed: {
      en: `FIN-WAIT-2 without a process lasted ${said(orphan)} s, TIME-WAIT ${said(wait)} s`,
      zh: `孤儿 FIN-WAIT-2 持续 ${said(orphan)} 秒，TIME-WAIT ${said(wait)} 秒`,
    },
  };
});

const result = (recording: Recording, call: string, nth: number): string | null => {
  const made = calls(recording, { program: "client", call }).filter((one) => one.result !== null);
  return made[nth] === undefined ? null : String(made[nth].result);
};

const orphanIn = (trial: string, where: Text, span: [number, number]): Condition => ({
  where,
  in: [trial],
  asks: [lasts(ORPHAN_LASTED, ORPHAN, span)],
});

export const finWait2: Rule[] = [
  {
    id: "C17",
    under: [
      {
        where: BY_DEFAULT,
        in: ["time-wait-length/default"],
        asks: [
          wordsOf(
            { en: "tcp_fin_timeout is {}", zh: "tcp_fin_timeout 为 {}" },
            { needs: [], of: (recording) => sysctl(recording, "net.ipv4.tcp_fin_timeout", "client") },
            "60",
          ),
          lasts(ORPHAN_LASTED, ORPHAN, A_MINUTE),
        ],
      },
      orphanIn("time-wait-length/fin-timeout-30", WITH_30, [29, 35]),
    ],
    beyond: [
      orphanIn(
        "fin-wait-2-limits/above-a-minute",
        { en: "with tcp_fin_timeout = 62", zh: "tcp_fin_timeout = 62 时" },
        [61, 69],
      ),
      orphanIn(
        "fin-wait-2-limits/slow-link",
        {
          en: "with tcp_fin_timeout = 1 and a round trip of 400 ms",
          zh: "tcp_fin_timeout = 1、往返时延 400 毫秒时",
        },
        [0.5, 2.2],
      ),
      orphanIn(
        "half-close/close",
        { en: "when data comes, with tcp_fin_timeout = 60", zh: "tcp_fin_timeout = 60 而对端又发来数据时" },
        A_MINUTE,
      ),
      {
        where: { en: "with tcp_max_tw_buckets = 0", zh: "tcp_max_tw_buckets = 0 时" },
        in: ["fin-wait-2-limits/no-buckets"],
        asks: [isKept],
      },
    ],
    because: {
      "holds-with-limits": {
        en: "up to 60 s it is as said. Above, the kernel waits twice for what exceeds 60 s, so that 62 means 4 s; it never waits less than 3.5 retransmission timeouts; data ends it with a RST; and it takes one of the tcp_max_tw_buckets",
        zh: "不超过 60 秒时确如所说。超过 60 时，内核等待的是“超出部分”的两倍，于是 62 只等 4 秒；下限是 3.5 个 RTO；期间收到数据则立即以 RST 结束；它还占用 tcp_max_tw_buckets 的名额",
      },
      refuted: { en: "here it lasts another time", zh: "这里的时长与所说不符" },
    },
  },
  {
    id: "C18",
    under: [
      {
        where: { en: "with the kernel's defaults, and the process there", zh: "默认设置、进程仍在时" },
        in: ["time-wait-length/default"],
        asks: [staysFor(HELD_LASTED, HELD, 61)],
      },
      {
        where: { en: "with tcp_fin_timeout = 2", zh: "tcp_fin_timeout = 2 时" },
        in: ["fin-wait-2-pileup/buggy"],
        asks: [staysFor(HELD_LASTED, SERVERS_HELD, 4)],
      },
    ],
    beyond: [
      {
        where: { en: "when the other host is gone", zh: "对端主机消失后" },
        in: ["fin-wait-2-limits/unprobed"],
        asks: [staysFor(HELD_LASTED, HELD, 5)],
      },
      {
        where: {
          en: "when the other host is gone and SO_KEEPALIVE is on",
          zh: "对端主机消失且开启 SO_KEEPALIVE 时",
        },
        in: ["fin-wait-2-limits/probed"],
        asks: [staysFor(HELD_LASTED, HELD, 5)],
      },
      {
        where: { en: "when the process closes it a second later", zh: "进程在一秒后又 close() 时" },
        in: ["fin-wait-2-pileup/fixed"],
        asks: [staysFor(HELD_LASTED, SERVERS_HELD, 4)],
      },
    ],
    because: {
      "holds-with-limits": {
        en: "what counts is the descriptor and not the call: while a process holds it there is no timer; with close(), or the end of the process, tcp_fin_timeout begins, and keep-alive probes that nobody answers end it too",
        zh: "起作用的是描述符而不是调用：进程持有期间没有定时器；一旦 close() 或进程结束，tcp_fin_timeout 就开始计时；保活探测无人应答也会结束它",
      },
      refuted: {
        en: "a FIN-WAIT-2 that a process holds ended by itself",
        zh: "进程持有的 FIN-WAIT-2 自行结束了",
      },
    },
  },
  {
    id: "C19",
    under: [{ where: BY_DEFAULT, in: ["time-wait-length/default"], asks: [areEqual] }],
    beyond: [
      { where: WITH_30, in: ["time-wait-length/fin-timeout-30"], asks: [areEqual] },
      { where: WITH_70, in: ["time-wait-length/all-else"], asks: [areEqual] },
    ],
    because: {
      "holds-with-limits": {
        en: "the default of tcp_fin_timeout is defined as the length of TIME-WAIT, so they begin equal; but one is a setting and the other a constant, and FIN-WAIT-2 has nothing to do with 2 MSL: RFC 9293 gives it no limit",
        zh: "tcp_fin_timeout 的默认值被定义为 TIME-WAIT 的时长，所以起初相等；但一个是可调参数，一个是常量，FIN-WAIT-2 与 2MSL 无关：RFC 9293 并未给它时限",
      },
      refuted: { en: "they differ by default", zh: "默认就不相等" },
      holds: { en: "they were equal whatever was set", zh: "无论怎样设置都相等" },
    },
  },
  {
    id: "C213",
    under: [
      {
        where: { en: "behind shutdown(SHUT_WR)", zh: "shutdown(SHUT_WR) 之后" },
        in: ["fin-wait-2-limits/unprobed"],
        asks: [
          wordsOf(
            { en: "recv() = {}", zh: "recv() = {}" },
            { needs: ["report"], of: (recording) => result(recording, "recv", 0) },
            /^[1-9]\d*$/,
          ),
          wordsOf(
            { en: "send() = {}", zh: "send() = {}" },
            { needs: ["report"], of: (recording) => result(recording, "send", 0) },
            /^\d+$/,
          ),
        ],
      },
    ],
    beyond: [],
    because: {
      refuted: {
        en: "it may receive, and that is what it waits for; to send it has given up with its FIN, and send() fails with EPIPE",
        zh: "可以接收，它等的正是这个；但 FIN 已发出，发送方向就此关闭，send() 返回 EPIPE",
      },
    },
  },
];
