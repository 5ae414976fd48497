import { lasted, timeWaitPutOffMs } from "../../../measure/lasting.ts";
import { samplesOf } from "../../../measure/evidence.ts";
import type { Recording } from "../../../model/recording.ts";
import { atMost } from "../../../verdict/bound.ts";
import { figure } from "../../../verdict/wording.ts";
import { figureOf, question } from "../../former.ts";
import type { Condition, Rule, Text } from "../../former.ts";
import { A_MINUTE, BY_DEFAULT, lasts, type Span, TIME_WAIT, TIME_WAIT_LASTED } from "./questions.ts";

const DEFAULT = "time-wait-length/default";
const FIN_TIMEOUT_30 = "time-wait-length/fin-timeout-30";
const ALL_ELSE = "time-wait-length/all-else";

const WITH_30: Text = { en: "with tcp_fin_timeout = 30", zh: "tcp_fin_timeout = 30 时" };
const WITH_ALL_ELSE: Text = {
  en: "with tcp_fin_timeout = 70, keep-alive timers and retries at 1, and tcp_tw_reuse, tcp_rfc1337 and tcp_timestamps reversed",
  zh: "tcp_fin_timeout = 70，保活定时器与各种重试次数为 1，tcp_tw_reuse、tcp_rfc1337、tcp_timestamps 取反时",
};

function lastsIn(trial: string, where: Text, span: Span): Condition {
  return { where, in: [trial], asks: [lasts(TIME_WAIT_LASTED, TIME_WAIT, span)] };
}

const reset = (span: Span): Condition =>
  lastsIn(
    "time-wait-answers/reset",
    { en: "when a RST with the right number comes", zh: "收到序号吻合的 RST 时" },
    span,
  );

const repeatedFin: Condition = {
  where: { en: "when the other end repeats its FIN", zh: "对端重发 FIN 时" },
  in: ["time-wait-answers/five-lost"],
  asks: [
    figureOf(
      { en: "its end was put off by {} ms", zh: "到期时间被推迟 {} 毫秒" },
      { needs: ["sockets"], of: (recording) => timeWaitPutOffMs(recording, "client") },
      atMost(1000),
    ),
  ],
};

/** How long TIME-WAIT lasted in a trial in which it ended; null otherwise. */
function seconds(recording: Recording): number | null {
  const seen = lasted(recording, TIME_WAIT);
  return seen?.isOver ? seen.seconds : null;
}

/** Names that other kernels have for the length of TIME-WAIT, of those that this one has. */
function settings(recording: Recording): string[] | null {
  const reports = samplesOf(recording, "report").map(({ report }) => report);
  if (!reports.some(({ kind }) => kind === "settings")) return null;
  const names = reports.filter(({ kind }) => kind === "setting").map(({ name }) => String(name));
  return names.filter((name) => /tw_timeout|time_?wait|msl/.test(name));
}

/** That a setting is there for it, or that one of those that were moved moves it by five seconds. */
const isTunable = question(["sockets", "report"], (...recordings) => {
  const lengths = recordings.map(seconds);
  const found = recordings.map(settings);
  const named = [...new Set(found.flatMap((names) => names ?? []))];
  const told = lengths.filter((length) => length !== null);
  const list = lengths.map((length) => (length === null ? "?" : figure(length))).join(", ");
  const moved = told.length > 1 && Math.max(...told) - Math.min(...told) >= 5;
  const isTold = told.length === lengths.length && found.every((names) => names !== null);
  const none: Text = { en: "no sysctl is named for it", zh: "没有以它命名的 sysctl" };
  const some: Text = { en: `there is ${named.join(", ")}`, zh: `存在 ${named.join("、")}` };
  const sysctls = named.length === 0 ? none : some;
  return {
    holds: named.length > 0 || moved ? true : isTold ? false : null,
    observed: {
      en: `TIME-WAIT lasted ${list} s, and ${sysctls.en}`,
      zh: `TIME-WAIT 分别持续 ${list} 秒，${sysctls.zh}`,
    },
  };
});

const ORPHAN = { host: "client", state: "FIN-WAIT-2", port: 8081, owner: "none" } as const;

/** What tcp_fin_timeout makes of TIME-WAIT, in seconds: how much shorter (or longer, if less than 0) it is than by default. */
const isShortened = (leastSeconds: number): Condition["asks"][number] =>
  question(["sockets"], (changed, usual) => {
    const now = changed === undefined ? null : seconds(changed);
    const before = usual === undefined ? null : seconds(usual);
    const orphan = (changed === undefined ? null : lasted(changed, ORPHAN))?.seconds ?? null;
    const said = (value: number | null): string => (value === null ? "?" : figure(value));
    return {
      holds: now === null || before === null ? null : before - now >= leastSeconds,
      observed: {
        en: `TIME-WAIT lasted ${said(now)} s instead of ${said(before)} s; what changed is FIN-WAIT-2 without a process, to ${said(orphan)} s`,
        zh: `TIME-WAIT 持续 ${said(now)} 秒，默认为 ${said(before)} 秒；变化的是孤儿 FIN-WAIT-2：${said(orphan)} 秒`,
      },
    };
  });

const FOUR_MINUTES: NonNullable<Rule["history"]> = {
  text: {
    en: "240 s is twice the 2 minutes that RFC 793 gave a segment, and was the default of Windows 2000 (TcpTimedWaitDelay) and of older Solaris (tcp_time_wait_interval)",
    zh: "240 秒是 RFC 793 所取 MSL（2 分钟）的两倍，曾是 Windows 2000（TcpTimedWaitDelay）与早期 Solaris（tcp_time_wait_interval）的默认值",
  },
  source:
    "https://learn.microsoft.com/previous-versions/windows/it-pro/windows-2000-server/cc938217(v=technet.10); RFC 793, section 3.3; https://docs.oracle.com/cd/E19455-01/816-0607/chapter4-51/index.html",
};
const CONSTANT: Text = {
  en: "Linux has one constant for it, TCP_TIMEWAIT_LEN of 60 s, which no setting touches",
  zh: "Linux 中它是编译进内核的常量 TCP_TIMEWAIT_LEN，60 秒，不受任何设置影响",
};

export const length: Rule[] = [
  {
    id: "C14a",
    under: [lastsIn(DEFAULT, BY_DEFAULT, [230, 255])],
    beyond: [],
    because: { obsolete: CONSTANT, holds: { en: "it lasted four minutes", zh: "实测为四分钟" } },
    history: FOUR_MINUTES,
  },
  {
    id: "C14b",
    under: [lastsIn(DEFAULT, BY_DEFAULT, [59, 245])],
    beyond: [
      lastsIn(
        DEFAULT,
        { en: "as its other form, 2 to 4 minutes", zh: "按其另一种说法“2-4 分钟”" },
        [119, 245],
      ),
      reset([59, 245]),
    ],
    because: {
      "holds-with-limits": {
        en: "Linux has 60 s, which is the very least of 1 to 4 minutes (Stevens' range for an MSL of 30 s to 2 minutes) and not within 2 to 4; a RST ends it at once",
        zh: "Linux 为 60 秒，正好是“1-4 分钟”（MSL 取 30 秒到 2 分钟）的下限；“2-4 分钟”的说法不成立；合法的 RST 还会让它立即结束",
      },
      refuted: {
        en: "the length that was measured lies outside of 1 to 4 minutes",
        zh: "实测时长不在 1-4 分钟之内",
      },
    },
  },
  {
    id: "C14c",
    under: [lastsIn(DEFAULT, BY_DEFAULT, A_MINUTE)],
    beyond: [
      lastsIn(FIN_TIMEOUT_30, WITH_30, A_MINUTE),
      lastsIn(ALL_ELSE, WITH_ALL_ELSE, A_MINUTE),
      repeatedFin,
      reset(A_MINUTE),
    ],
    because: {
      "holds-with-limits": {
        en: "left alone it lasts 60 s, and up to 4 s more because the timer wheel is coarse; each repeated FIN starts the minute anew, and a RST with the right number ends it at once unless tcp_rfc1337 is 1",
        zh: "无人打扰时为 60 秒（时间轮粒度较粗，可能多出至多 4 秒）；对端每重发一次 FIN 就重新计时，而序号吻合的 RST 会立即结束它，除非 tcp_rfc1337 = 1",
      },
      refuted: { en: "on this kernel it is another length", zh: "这个内核上的时长不是 60 秒" },
    },
  },
  {
    id: "C15",
    under: [
      {
        where: {
          en: "with TCP's timers and retries changed, with tcp_fin_timeout = 30, and by default",
          zh: "改动各种 TCP 定时器与重试次数、tcp_fin_timeout = 30、默认这三种情况下",
        },
        in: [ALL_ELSE, FIN_TIMEOUT_30, DEFAULT],
        asks: [isTunable],
      },
    ],
    beyond: [],
    because: {
      obsolete: {
        en: "mainline Linux has no knob for it: the 60 s are compiled in, and tcp_fin_timeout, tcp_tw_reuse and tcp_max_tw_buckets are of other things",
        zh: "主线 Linux 没有这样的开关：60 秒是编译时常量，tcp_fin_timeout、tcp_tw_reuse、tcp_max_tw_buckets 管的都是别的事",
      },
      holds: { en: "this kernel has a setting for it", zh: "这个内核提供了相应的设置" },
    },
    history: {
      text: {
        en: "it can be set on other systems: net.ipv4.tcp_tw_timeout in Alibaba Cloud Linux 2 and 3 (gone in 4), TcpTimedWaitDelay in Windows, net.inet.tcp.msl in FreeBSD",
        zh: "在别的系统上可调：Alibaba Cloud Linux 2/3 的 net.ipv4.tcp_tw_timeout（4 起弃用）、Windows 的 TcpTimedWaitDelay、FreeBSD 的 net.inet.tcp.msl",
      },
      source:
        "https://www.alibabacloud.com/help/en/ecs/user-guide/change-the-tcp-time-wait-timeout-period; https://man.freebsd.org/cgi/man.cgi?tcp(4)",
    },
  },
  {
    id: "C16",
    under: [{ where: WITH_30, in: [FIN_TIMEOUT_30, DEFAULT], asks: [isShortened(15)] }],
    beyond: [{ where: WITH_ALL_ELSE, in: [ALL_ELSE, DEFAULT], asks: [isShortened(15)] }],
    because: {
      refuted: {
        en: "tcp_fin_timeout limits FIN-WAIT-2 of connections that no process holds; TIME-WAIT stays at its 60 s. /proc/net/sockstat counts both as `tw`, which may be where the belief comes from",
        zh: "tcp_fin_timeout 限制的是没有进程持有的 FIN-WAIT-2；TIME-WAIT 仍是 60 秒。/proc/net/sockstat 把两者都计入 tw，误解或许由此而来",
      },
      holds: { en: "on this kernel it does", zh: "这个内核上确实如此" },
    },
  },
  {
    id: "C210",
    under: [lastsIn(DEFAULT, BY_DEFAULT, A_MINUTE)],
    beyond: [
      lastsIn(FIN_TIMEOUT_30, WITH_30, A_MINUTE),
      lastsIn(ALL_ELSE, WITH_ALL_ELSE, A_MINUTE),
      lastsIn(
        "time-wait-answers/late-fin",
        { en: "on another link, without timestamps", zh: "换一条链路、不带时间戳时" },
        A_MINUTE,
      ),
    ],
    because: {
      holds: {
        en: "nothing that can be set moved it; the kernel never speaks of an MSL, only of the 60 s (TCP_TIMEWAIT_LEN), of which 30 s are the half",
        zh: "所有可设的参数都没能改变它；内核里其实没有 MSL，只有 60 秒的 TCP_TIMEWAIT_LEN，30 秒是它的一半",
      },
      "holds-with-limits": { en: "a setting of this kernel moves it", zh: "这个内核有参数能改变它" },
    },
  },
  {
    id: "C211",
    under: [
      {
        where: {
          en: "when the client has exited and the server was killed 2 s later",
          zh: "客户端已退出、服务端 2 秒后被杀死时",
        },
        in: [DEFAULT],
        asks: [lasts(TIME_WAIT_LASTED, TIME_WAIT, A_MINUTE)],
      },
    ],
    beyond: [lastsIn(ALL_ELSE, WITH_ALL_ELSE, A_MINUTE)],
    because: {
      holds: {
        en: 'TIME-WAIT is a record of the kernel\'s, with no descriptor and no process; its own timer ends it. That it lasts "2 to 4 minutes", as the same sentence says, is not so',
        zh: "TIME-WAIT 只是内核里的一条记录，没有描述符也不属于任何进程，由自己的定时器结束；但同一句里的“2-4 分钟”在 Linux 上不成立",
      },
      refuted: { en: "it went with the programs", zh: "它随程序一起消失了" },
    },
  },
];
