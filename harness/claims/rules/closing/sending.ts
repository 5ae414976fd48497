import { calls } from "../../../measure/calls.ts";
import { segments } from "../../../measure/segments.ts";
import { question, wordsOf } from "../../former.ts";
import type { Question, Rule } from "../../former.ts";
import { delivered, goodbye, received } from "./seen.ts";

/** What the clients of one trial got, beside those of another in which the same was written and nothing stood in its way. */
const asMuchAsElsewhere: Question = question(["report"], (...[here, elsewhere]) => {
  const got = here === undefined ? null : received(here, "load");
  const all = elsewhere === undefined ? null : received(elsewhere, "load");
  return {
    holds: got === null || all === null || all === 0 ? null : got === all,
    observed: {
      en: `${got ?? "?"} of ${all ?? "?"} bytes were received`,
      zh: `${all ?? "?"} 字节中对端只收到 ${got ?? "?"} 字节`,
    },
  };
});

/** Bytes that a client read when its FIN was out. */
const readAfterFin: Question = question(["packet", "report"], (recording) => {
  const [fin] = segments(recording, { from: "client", flags: ["FIN"] });
  const reads = calls(recording, { program: "client", call: "recv" }).filter(({ result }) => result !== null);
  const after = reads.filter(({ atUs }) => fin !== undefined && atUs > fin.atUs);
  const bytes = after.reduce((sum, read) => sum + (read.bytes ?? 0), 0);
  const failed = after.find(({ result }) => typeof result === "string")?.result;
  return {
    holds: fin === undefined || after.length === 0 ? null : bytes > 0,
    observed: {
      en: `after its FIN it read ${bytes} bytes${failed === undefined ? "" : `: recv() = ${failed}`}`,
      zh: `发出 FIN 之后又读到 ${bytes} 字节${failed === undefined ? "" : `：recv() = ${failed}`}`,
    },
  };
});

/** With which of the two the end that closes says so. */
const says = (program: "client" | "server"): Question =>
  wordsOf(
    { en: "close() sent a {}", zh: "close() 发出的是 {}" },
    { needs: ["packet"], of: (recording) => goodbye(recording, program) },
    "FIN",
  );

/** What close() does with what is to be sent, and what a FIN leaves to be received. */
export const rules: Rule[] = [
  {
    id: "C47",
    under: [
      {
        where: { en: "with no socket option set, and a peer that reads", zh: "不设任何选项，对端正常读取" },
        in: ["linger/off"],
        asks: [delivered((read, wrote) => read === wrote)],
      },
    ],
    beyond: [
      {
        where: { en: "when input was left unread at close()", zh: "close() 时接收队列里还有未读数据" },
        in: ["reset-on-unread-data/buggy", "reset-on-unread-data/fixed"],
        asks: [asMuchAsElsewhere],
      },
    ],
    because: {
      "holds-with-limits": {
        en: "close() puts the FIN behind what is queued and returns, and the kernel goes on sending. But with unread input close() is a RST, which throws the queue away; and a peer that takes nothing is given up after tcp_orphan_retries.",
        zh: "close() 把 FIN 排在发送队列末尾就返回，其余由内核继续发送。但若接收队列里有未读数据，close() 发的是 RST，发送队列被直接清空；对端一直不收，重试 tcp_orphan_retries 耗尽后内核也会放弃。",
      },
      refuted: {
        en: "what was queued at close() did not reach a peer that was reading.",
        zh: "对端一直在读，close() 时排队的数据却没有送到。",
      },
    },
  },
  {
    id: "C48",
    under: [
      {
        where: { en: "when the FIN is that of shutdown(SHUT_WR)", zh: "FIN 由 shutdown(SHUT_WR) 发出时" },
        in: ["half-close/shutdown-write"],
        asks: [readAfterFin],
      },
    ],
    beyond: [
      {
        where: { en: "when the FIN is that of close()", zh: "FIN 由 close() 发出时" },
        in: ["half-close/close"],
        asks: [readAfterFin],
      },
    ],
    because: {
      "holds-with-limits": {
        en: "A FIN ends one direction, and in FIN-WAIT-2 data is received as before. But close() gives the descriptor away too: there is nothing to read from, and data that still comes is answered with a RST. On the wire the two FINs look the same.",
        zh: "FIN 只结束一个方向，FIN-WAIT-2 状态下照常收数据。但 close() 连描述符也交还了：没有可读的对象，之后到达的数据会被回以 RST。两种 FIN 在线路上看不出区别。",
      },
    },
  },
  {
    id: "C243",
    under: [
      {
        where: { en: "with all input read, and no option set", zh: "输入已读完、不设任何选项时" },
        in: ["linger/off"],
        asks: [says("client")],
      },
    ],
    beyond: [
      {
        where: { en: "when input was left unread at close()", zh: "close() 时接收队列里还有未读数据" },
        in: ["reset-on-unread-data/buggy"],
        asks: [says("server")],
      },
    ],
    because: {
      "holds-with-limits": {
        en: "close() is a FIN only where nothing was left unread: otherwise the kernel sends a RST at once, from a program that did nothing else wrong, and the peer loses what was still queued for it.",
        zh: "只有接收队列已空，close() 才发 FIN；否则内核立即发 RST，哪怕程序别无过错，对端也会丢掉尚未送达的数据。",
      },
    },
  },
];
