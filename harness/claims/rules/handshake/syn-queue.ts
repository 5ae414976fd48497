import { exactly, type Bound } from "../../../verdict/bound.ts";
import { figureOf, question } from "../../former.ts";
import type { ClaimAnswer, Question, Rule, Text } from "../../former.ts";
import { callsReturned, counted, mostHalfOpen } from "./seen.ts";

/** The SYNs of the experiment syn-queue-length that nobody completes. */
const STRANGERS = 47;

const held = (bound: Bound): Question =>
  figureOf(
    {
      en: `of ${STRANGERS} SYNs, {} waited in the queue`,
      zh: `${STRANGERS} 个 SYN 中有 {} 个进入半连接队列`,
    },
    { needs: ["sockets"], of: mostHalfOpen },
    bound,
  );

/** The lengths of two queues beside one another. */
function compared(words: Text, holds: (before: number, after: number) => boolean): Question {
  return question(["sockets"], (...recordings): ClaimAnswer => {
    const [before, after] = recordings.map((recording) => mostHalfOpen(recording));
    const known = typeof before === "number" && typeof after === "number";
    const said = (text: string): string =>
      text.replace("{}", String(before ?? "?")).replace("{}", String(after ?? "?"));
    return {
      holds: known ? holds(before, after) : null,
      observed: { en: said(words.en), zh: said(words.zh) },
    };
  });
}

const nothingGained: Question = compared(
  { en: "{} before, {} after", zh: "调大前 {} 个，调大后 {} 个" },
  (before, after) => after === before,
);

const length: Rule = {
  id: "C78",
  under: [
    {
      where: {
        en: "tcp_max_syn_backlog 1024, a backlog of 23, SYN cookies as by default",
        zh: "tcp_max_syn_backlog 为 1024、backlog 为 23、SYN cookie 为默认值",
      },
      in: ["syn-queue-length/cookies-wide-sysctl"],
      asks: [held(exactly(STRANGERS))],
    },
    {
      where: {
        en: "tcp_max_syn_backlog 16, a backlog of 997, no cookies",
        zh: "tcp_max_syn_backlog 为 16、backlog 为 997、关闭 cookie",
      },
      in: ["syn-queue-length/narrow-sysctl"],
      asks: [held(exactly(STRANGERS))],
    },
    {
      where: {
        en: "tcp_max_syn_backlog 1024, a backlog of 997, no cookies",
        zh: "tcp_max_syn_backlog 为 1024、backlog 为 997、关闭 cookie",
      },
      in: ["syn-queue-length/wide"],
      asks: [held(exactly(STRANGERS))],
    },
  ],
  beyond: [],
  because: {
    obsolete: {
      en: "The listener's backlog limits this queue too (24 with a backlog of 23), and there is no floor of 64. tcp_max_syn_backlog counts only with cookies off, and then three quarters of it for peers that are not known (13 of 16)",
      zh: "半连接队列同样受 backlog 限制（backlog 为 23 时只有 24 个），也没有 64 这个下限。tcp_max_syn_backlog 只有在关闭 cookie 时才起作用，而且陌生对端只能用到它的四分之三（16 时为 13 个）",
    },
    holds: {
      en: "the queue took all of them, whatever the backlog",
      zh: "不管 backlog 多大，队列都装得下",
    },
  },
  history: {
    text: {
      en: "Linux 2.4 and early 2.6 made the queue a power of two of at least 64 and at least tcp_max_syn_backlog; since 2.6.20 the backlog and somaxconn have limited it",
      zh: "Linux 2.4 和 2.6 早期按 2 的幂取不小于 64、也不小于 tcp_max_syn_backlog 的长度；从 2.6.20 起就受 backlog 与 somaxconn 限制了",
    },
    source:
      "net/ipv4/tcp.c of Linux 2.4, tcp_listen_start(), max_qlen_log; commit 72a3effaf633 (Linux 2.6.20)",
  },
};

const sysctlAlone: Rule = {
  id: "C79",
  under: [
    {
      where: {
        en: "with SYN cookies as by default, from 64 to 1024",
        zh: "SYN cookie 为默认值，从 64 调到 1024",
      },
      in: ["syn-queue-length/cookies", "syn-queue-length/cookies-wide-sysctl"],
      asks: [nothingGained],
    },
    {
      where: {
        en: "without cookies and with a backlog of 23, from 64 to 1024",
        zh: "关闭 cookie、backlog 为 23，从 64 调到 1024",
      },
      in: ["syn-queue-length/short-backlog", "syn-queue-length/short-backlog-wide-sysctl"],
      asks: [nothingGained],
    },
    {
      where: { en: "when the backlog is raised as well", zh: "同时调大 backlog" },
      in: ["syn-queue-length/short-backlog-wide-sysctl", "syn-queue-length/wide"],
      asks: [
        compared(
          { en: "{} before, {} after", zh: "调大前 {} 个，调大后 {} 个" },
          (before, after) => after > before,
        ),
      ],
    },
  ],
  beyond: [
    {
      where: {
        en: "without cookies and where the backlog is long already, from 16 to 1024",
        zh: "关闭 cookie、backlog 本来就很大，从 16 调到 1024",
      },
      in: ["syn-queue-length/narrow-sysctl", "syn-queue-length/wide"],
      asks: [nothingGained],
    },
  ],
  because: {
    "holds-with-limits": {
      en: "The smaller limit decides. With SYN cookies on, tcp_max_syn_backlog is not asked at all; with them off and a long backlog it is the narrower of the two, and then raising it alone is what helps",
      zh: "起作用的是较小的那个限制。开启 SYN cookie 时内核根本不看 tcp_max_syn_backlog；关闭 cookie 而 backlog 又很大时它才是瓶颈，这时单独调大它就有效",
    },
    holds: { en: "the backlog is always the narrower limit", zh: "backlog 始终是更窄的那个限制" },
    refuted: {
      en: "on this kernel the sysctl alone makes the queue longer",
      zh: "在这个内核上单独调大该参数就能加长队列",
    },
  },
};

const keepsOut: Rule = {
  id: "C81a",
  under: [
    {
      where: { en: "when the backlog is used up by strangers", zh: "陌生连接占满 backlog 时" },
      in: ["syn-queue-length/short-backlog"],
      asks: [callsReturned("connect", "ETIMEDOUT", exactly(1)), counted("TcpExtSyncookiesSent", exactly(0))],
    },
    {
      where: {
        en: "when they use up three quarters of tcp_max_syn_backlog",
        zh: "陌生连接占满 tcp_max_syn_backlog 的四分之三时",
      },
      in: ["syn-queue-length/narrow-sysctl"],
      asks: [callsReturned("connect", "ETIMEDOUT", exactly(1))],
    },
  ],
  beyond: [
    {
      where: {
        en: "the same, and the client has had a connection to this server before",
        zh: "同上，但这个客户端此前连过这台服务器",
      },
      in: ["syn-queue-length/narrow-sysctl-known-client"],
      asks: [callsReturned("connect", "ETIMEDOUT", exactly(1))],
    },
  ],
  because: {
    "holds-with-limits": {
      en: "Both of the client's SYNs are dropped without a word. But the last quarter of tcp_max_syn_backlog is kept for addresses that the kernel knows (ip tcp_metrics): who has been here before gets in while strangers do not",
      zh: "客户端的两个 SYN 都被静默丢弃。不过 tcp_max_syn_backlog 的最后四分之一留给内核认识的地址（ip tcp_metrics）：以前连过的客户端仍能进来，陌生的不行",
    },
    holds: { en: "nobody gets in, known or not", zh: "不论是否连过，谁都进不来" },
    refuted: { en: "the client got in", zh: "客户端仍然连上了" },
  },
};

export const rules: Rule[] = [length, sysctlAlone, keepsOut];
