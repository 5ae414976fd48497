import { counterDelta } from "../../../measure/counters.ts";
import type { Recording } from "../../../model/recording.ts";
import { atLeast, exactly, type Bound } from "../../../verdict/bound.ts";
import { figureOf, question } from "../../former.ts";
import type { Question, Rule } from "../../former.ts";
import { callsReturned, counted, mostHalfOpen, segmentCount, sysctlIs } from "./seen.ts";

const SENT = "TcpExtSyncookiesSent";

const halfOpen = (bound: Bound): Question =>
  figureOf(
    { en: "{} waited in the SYN queue", zh: "半连接队列中最多有 {} 个" },
    { needs: ["sockets"], of: mostHalfOpen },
    bound,
  );

/** SYNs that reached the server, and cookies that it sent. */
function synsAndCookies(recording: Recording): [number, number | null] {
  const syns = segmentCount(recording, { flags: ["SYN"], without: ["ACK"] });
  return [syns, counterDelta(recording, { host: "server", counter: SENT })];
}

const everySyn: Question = question(["packet", "counters"], (...recordings) => {
  const [syns = 0, cookies = null] = recordings.map(synsAndCookies)[0] ?? [];
  return {
    holds: cookies === null || syns === 0 ? null : cookies === syns,
    observed: {
      en: `${cookies ?? "?"} cookies were sent for ${syns} SYNs`,
      zh: `${syns} 个 SYN，发出 ${cookies ?? "?"} 个 cookie`,
    },
  };
});

const values: Rule = {
  id: "C81b",
  under: [
    {
      where: { en: "0, the SYN queue full", zh: "取 0、半连接队列已满" },
      in: ["syn-queue-length/short-backlog"],
      asks: [counted(SENT, exactly(0)), counted("TcpExtListenDrops", atLeast(1))],
    },
    {
      where: { en: "1, with room in it", zh: "取 1、队列有空位" },
      in: ["accept-queue-length/both-large"],
      asks: [counted(SENT, exactly(0))],
    },
    {
      where: { en: "1, the SYN queue full", zh: "取 1、队列已满" },
      in: ["syn-queue-length/cookies"],
      asks: [halfOpen(atLeast(1)), counted(SENT, atLeast(1)), counted("TcpExtListenDrops", exactly(0))],
    },
    {
      where: { en: "2, with room in it", zh: "取 2、队列有空位" },
      in: ["syn-queue-length/cookies-always"],
      asks: [halfOpen(exactly(0)), everySyn],
    },
  ],
  beyond: [
    {
      where: { en: "2, the accept queue full", zh: "取 2、全连接队列已满" },
      in: ["accept-queue-length/cookies-always"],
      asks: [everySyn],
    },
  ],
  because: {
    "holds-with-limits": {
      en: "0 is off, 1 begins when the SYN queue is full, 2 answers every SYN with a cookie and puts none down. Not even 2 helps where the accept queue is full: that SYN is dropped like any other",
      zh: "0 关闭；1 在半连接队列满后才启用；2 对每个 SYN 都回 cookie、不入队。但全连接队列已满时，取 2 也没用：SYN 照样被丢弃",
    },
    holds: { en: "0 is off, 1 when there is no room, 2 always", zh: "0 关闭，1 放不下时启用，2 无条件启用" },
    refuted: { en: "one of the three values does something else here", zh: "三个取值之一在这里的效果不同" },
  },
};

const byDefault: Rule = {
  id: "C81c",
  under: [
    {
      where: { en: "in a fresh network namespace", zh: "新建的网络命名空间里" },
      in: ["handshake-retries/defaults"],
      asks: [sysctlIs("server", "net.ipv4.tcp_syncookies", "0")],
    },
  ],
  beyond: [],
  because: {
    obsolete: {
      en: "The kernel itself switches cookies on for the time when the SYN queue is full; whoever reads 0 has a distribution or an administrator who switched them off",
      zh: "内核自己默认就是 1：半连接队列满时启用。读到 0 说明是发行版或管理员关掉的",
    },
    holds: { en: "they are off until somebody switches them on", zh: "不手工打开就是关闭的" },
  },
  history: {
    text: {
      en: 'Linux 2.6 began with 0 (SYNC_INIT, "let the user enable it"), Linux 3.0 with 1',
      zh: "Linux 2.6 的初值为 0（SYNC_INIT，由用户自行打开），Linux 3.0 已经是 1",
    },
    source: "net/ipv4/tcp_minisocks.c, sysctl_tcp_syncookies, of Linux 2.6.20 and of Linux 3.0",
  },
};

const withoutQueue: Rule = {
  id: "C260",
  under: [
    {
      where: { en: "1, the SYN queue full", zh: "取 1、半连接队列已满" },
      in: ["syn-queue-length/cookies"],
      asks: [callsReturned("connect", 0, exactly(1)), counted("TcpExtSyncookiesRecv", exactly(1))],
    },
    {
      where: { en: "2, nothing in the SYN queue at any time", zh: "取 2、半连接队列始终为空" },
      in: ["syn-queue-length/cookies-always"],
      asks: [callsReturned("connect", 0, exactly(1)), halfOpen(exactly(0))],
    },
  ],
  beyond: [
    {
      where: { en: "2, the accept queue full", zh: "取 2、全连接队列已满" },
      in: ["accept-queue-length/cookies-always"],
      asks: [callsReturned("connect", "ETIMEDOUT", exactly(0))],
    },
  ],
  because: {
    "holds-with-limits": {
      en: "The third segment brings back in its acknowledgement what the server did not write down, and the connection is made from that. It still needs a place in the accept queue: where that is full, the SYN is dropped and no cookie is sent",
      zh: "第三个报文段的确认号带回了服务端没有记下的内容，连接据此建立。但它仍要占全连接队列的位置：那里满了，SYN 就被丢弃，根本不发 cookie",
    },
    holds: { en: "a cookie is all that is needed", zh: "有 cookie 就够了" },
    refuted: { en: "the client did not get in", zh: "客户端没有连上" },
  },
};

export const rules: Rule[] = [values, byDefault, withoutQueue];
