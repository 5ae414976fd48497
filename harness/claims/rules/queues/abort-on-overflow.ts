import { outcomeCounts } from "../../../measure/attempts.ts";
import { calls } from "../../../measure/calls.ts";
import { atLeast, exactly, type Bound } from "../../../verdict/bound.ts";
import { figureOf, question } from "../../former.ts";
import type { Question, Rule } from "../../former.ts";
import { callsReturned, counted, segmentCount } from "../handshake/seen.ts";

const OVERFLOWS = "TcpExtListenOverflows";
const overflows = counted(OVERFLOWS, atLeast(1));

const resets = (bound: Bound): Question =>
  figureOf(
    { en: "the server sent {} RSTs", zh: "服务端发了 {} 个 RST" },
    { needs: ["packet"], of: (recording) => segmentCount(recording, { from: "server", flags: ["RST"] }) },
    bound,
  );

const abortOnOverflow: Rule = {
  id: "C87",
  under: [
    {
      where: { en: "0, the third segment meets the full queue", zh: "取 0、第三个报文段遇到满队列" },
      in: ["third-segment-refused/dropped"],
      asks: [overflows, resets(exactly(0)), callsReturned("recv", "ECONNRESET", exactly(0))],
    },
    {
      where: { en: "1, the third segment meets the full queue", zh: "取 1、第三个报文段遇到满队列" },
      in: ["third-segment-refused/abort"],
      asks: [overflows, resets(atLeast(1)), callsReturned("recv", "ECONNRESET", exactly(1))],
    },
  ],
  beyond: [
    {
      where: { en: "1, a SYN meets the full queue", zh: "取 1、SYN 遇到满队列" },
      in: ["accept-queue-length/abort"],
      asks: [overflows, resets(atLeast(1)), callsReturned("connect", "ECONNRESET", atLeast(1))],
    },
  ],
  because: {
    "holds-with-limits": {
      en: "The setting is asked when the third segment comes. A queue that is full already drops the SYN before that, with 0 and with 1 alike: most clients of a full queue see ETIMEDOUT and never a reset",
      zh: "只有第三个报文段到达时才看这个参数。队列早已满的话，SYN 先就被丢弃，取 0 取 1 都一样：大多数客户端看到的是 ETIMEDOUT，而不是 reset",
    },
    holds: { en: "a full queue resets whoever comes", zh: "队列满时，来者一律被复位" },
    refuted: { en: "the setting changes nothing here", zh: "这个参数在这里不起作用" },
  },
};

const clientReset = (bound: Bound): Question =>
  figureOf(
    { en: "the clients saw {} ECONNRESET", zh: "客户端看到 {} 次 ECONNRESET" },
    {
      needs: ["report"],
      of: (recording) => calls(recording).filter(({ result }) => result === "ECONNRESET").length,
    },
    bound,
  );

const provesOverflow: Rule = {
  id: "C261",
  under: [
    {
      where: { en: "the third segment meets the full queue", zh: "第三个报文段遇到满队列" },
      in: ["third-segment-refused/abort"],
      asks: [clientReset(atLeast(1)), overflows],
    },
  ],
  beyond: [
    {
      where: { en: "SYNs meet the full queue", zh: "SYN 遇到满队列" },
      in: ["accept-queue-length/abort"],
      asks: [overflows, clientReset(atLeast(1))],
    },
    {
      where: {
        en: "the queue is empty, and the server closes with bytes unread",
        zh: "队列是空的，服务端带着未读数据 close",
      },
      in: ["reset-on-unread-data/buggy"],
      asks: [clientReset(exactly(0)), counted(OVERFLOWS, exactly(0))],
    },
  ],
  because: {
    "holds-with-limits": {
      en: "It proves little either way: a full queue mostly drops SYNs, which no reset tells of, and a server that closes with unread input resets too. TcpExtListenOverflows says it without changing anything",
      zh: "两个方向都证明不了什么：队列满时大多是 SYN 被丢，看不到 reset；而服务端带着未读数据关闭同样会复位。直接看 TcpExtListenOverflows 即可，不必改参数",
    },
    holds: { en: "resets came with overflows, and only with them", zh: "有溢出才有复位，反之亦然" },
    refuted: { en: "no reset was seen", zh: "没有看到复位" },
  },
};

const served: Question = question(["attempt"], (...recordings) => {
  const [dropping = null, resetting = null] = recordings.map((one) => outcomeCounts(one).get("ok") ?? 0);
  return {
    holds: dropping === null || resetting === null ? null : dropping > resetting,
    observed: {
      en: `${dropping ?? "?"} of 17 were served with 0, ${resetting ?? "?"} with 1`,
      zh: `17 个中，取 0 时 ${dropping ?? "?"} 个得到服务，取 1 时 ${resetting ?? "?"} 个`,
    },
  };
});

const moreSucceed: Rule = {
  id: "C262",
  under: [
    {
      where: { en: "when the queue is full for less than two seconds", zh: "队列满的时间不到两秒" },
      in: ["phantom-established/buggy", "phantom-established/fixed-by-abort"],
      asks: [served],
    },
  ],
  beyond: [
    {
      where: { en: "with 0, when it stays full", zh: "取 0、但队列一直是满的" },
      in: ["third-segment-refused/given-up"],
      asks: [callsReturned("recv", "ECONNRESET", exactly(0))],
    },
    {
      where: { en: "with 0 and with 1, when SYNs meet it", zh: "SYN 遇到满队列时，取 0 与取 1" },
      in: ["accept-queue-length/backlog-4", "accept-queue-length/abort"],
      asks: [
        question(["report"], (...recordings) => {
          const [dropping, resetting] = recordings.map(
            (one) =>
              calls(one, { program: "client", call: "connect" }).filter(({ result }) => result === 0).length,
          );
          return {
            holds: dropping === undefined || resetting === undefined ? null : dropping > resetting,
            observed: {
              en: `${dropping ?? "?"} of 8 got in with 0, ${resetting ?? "?"} with 1`,
              zh: `8 个中，取 0 时连上 ${dropping ?? "?"} 个，取 1 时 ${resetting ?? "?"} 个`,
            },
          };
        }),
      ],
    },
  ],
  because: {
    "holds-with-limits": {
      en: "Who was dropped comes again and gets in, who was reset does not. But that is for handshakes that were half done and for queues that empty in time: SYNs are dropped with either value, and one whose SYN-ACKs are used up is reset in the end",
      zh: "被丢弃的会重来并最终连上，被复位的不会。但这只适用于握手已完成一半、且队列及时腾出空位的情形：SYN 被丢与取值无关；SYN-ACK 重传用尽的最后还是被复位",
    },
    holds: { en: "more were served with 0, everywhere", zh: "取 0 时处处更多" },
    refuted: { en: "as many were served with 1", zh: "取 1 时得到服务的一样多" },
  },
};

export const rules: Rule[] = [abortOnOverflow, provesOverflow, moreSucceed];
