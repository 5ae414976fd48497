import { acknowledges, closingSegments } from "../../../measure/closing.ts";
import { wireConnections } from "../../../measure/packets.ts";
import { segments } from "../../../measure/segments.ts";
import { socketSeries } from "../../../measure/sockets.ts";
import { atLeast, atMost } from "../../../verdict/bound.ts";
import { figureOf, wordsOf } from "../../former.ts";
import type { Question, Rule, Text } from "../../former.ts";
import { finAcknowledgedAfterMs, firstFin, passedBy } from "./evidence.ts";

/** What one calls at once, of a kernel that may let an acknowledgement wait for 40 ms. */
const AT_ONCE_MS = 200;

const AT_ONCE: Text = {
  en: "when the other end closes at end-of-file",
  zh: "对端读到 EOF 就关闭时",
};
const LATER: Text = { en: "when the other end closes 240 ms later", zh: "对端 240 ms 后才关闭时" };

const finAnswered = (bound: Parameters<typeof figureOf>[2]): Question =>
  figureOf(
    { en: "the kernel acknowledged the FIN after {} ms", zh: "内核在 {} ms 后确认 FIN" },
    { needs: ["packet"], of: (recording) => finAcknowledgedAfterMs(recording, "client") },
    bound,
  );

const closeWait: Question = figureOf(
  { en: "sockets in CLOSE-WAIT: {}", zh: "CLOSE-WAIT 套接字：{} 个" },
  {
    needs: ["sockets"],
    of: (recording) => {
      const { peak } = socketSeries(recording, { host: "server", state: "CLOSE-WAIT" });
      return peak === null ? null : peak.value;
    },
  },
  atLeast(1),
);

/** C08: the kernel acknowledges, CLOSE-WAIT. */
const byItself: Rule = {
  id: "C08",
  under: [
    { where: LATER, in: ["teardown/later"], asks: [finAnswered(atMost(AT_ONCE_MS)), closeWait] },
    {
      where: { en: "before the program has accepted", zh: "程序还没有 accept 时" },
      in: ["closing-otherwise/never-accepted"],
      asks: [finAnswered(atMost(AT_ONCE_MS)), closeWait],
    },
    {
      where: { en: "while the process is stopped", zh: "进程被暂停（SIGSTOP）时" },
      in: ["closing-otherwise/stopped"],
      asks: [finAnswered(atMost(AT_ONCE_MS)), closeWait],
    },
  ],
  beyond: [
    {
      where: { en: "when the FIN arrives before the data in front of it", zh: "FIN 先于它前面的数据到达时" },
      in: ["closing-otherwise/overtaken"],
      asks: [finAnswered(atMost(AT_ONCE_MS))],
    },
  ],
  because: {
    refuted: {
      en: "The FIN was acknowledged only when the program did something, or much later than a delayed acknowledgement.",
      zh: "FIN 要等程序动作才被确认，或远远超过延迟确认的时间。",
    },
    "holds-with-limits": {
      en: "No program has a part in it: the FIN is acknowledged and the connection is in CLOSE-WAIT even before accept(), and while the process is stopped. But a FIN has its place in the sequence: one that overtakes data is acknowledged, and changes the state, only when the data has come.",
      zh: "这与程序无关：还没有 accept()、甚至进程被暂停时，FIN 照样被确认，连接进入 CLOSE-WAIT。但 FIN 在序列中有自己的位置：若它先于前面的数据到达，要等数据补齐才会被确认、才改变状态。",
    },
  },
};

const serverPasses = (wanted: RegExp): Question =>
  wordsOf(
    { en: "the server passed {}", zh: "服务端依次经过 {}" },
    { needs: ["packet", "sockets"], of: (recording) => passedBy(recording, "server") },
    wanted,
  );

const finAcks = (bound: Parameters<typeof figureOf>[2]): Question =>
  figureOf(
    { en: "acknowledgements of its FIN: {}", zh: "对其 FIN 的确认：{} 个" },
    {
      needs: ["packet"],
      of: (recording) => {
        const fin = firstFin(recording, "server");
        if (fin === undefined) return null;
        return segments(recording, { connection: fin.connection, from: "client", fate: "passed" }).filter(
          (packet) => acknowledges(packet, fin) && !packet.flags.includes("RST"),
        ).length;
      },
    },
    bound,
  );

/** C09: LAST-ACK waits for the ACK, and is CLOSED with it. */
const lastAck: Rule = {
  id: "C09",
  under: [
    { where: LATER, in: ["teardown/later"], asks: [serverPasses(/LAST-ACK, CLOSED$/), finAcks(atLeast(1))] },
    {
      where: { en: "when the first ACK is lost", zh: "第一个 ACK 丢失时" },
      in: ["last-ack-lost/time-wait"],
      asks: [serverPasses(/LAST-ACK, CLOSED$/), finAcks(atLeast(1))],
    },
  ],
  beyond: [
    {
      where: {
        en: "when no ACK of the FIN ever comes (tcp_orphan_retries 2)",
        zh: "始终收不到对 FIN 的确认时（tcp_orphan_retries 2）",
      },
      in: ["closing-otherwise/unanswered"],
      asks: [serverPasses(/LAST-ACK, CLOSED$/), finAcks(atLeast(1))],
    },
    {
      where: { en: "when the other end has forgotten the connection", zh: "对端已经遗忘该连接时" },
      in: ["last-ack-lost/no-time-wait"],
      asks: [serverPasses(/LAST-ACK, CLOSED$/), finAcks(atLeast(1))],
    },
  ],
  because: {
    "holds-with-limits": {
      en: "The ACK of its FIN ends LAST-ACK, and an ACK of less does not. But the wait is not for ever: a RST ends it, and so do the FIN's repetitions, when they are used up.",
      zh: "对其 FIN 的确认结束 LAST-ACK，未覆盖 FIN 的 ACK 不算。但不会无限等待：RST 会结束它，FIN 的重传次数用尽也会。",
    },
  },
};

const fourSegments = figureOf(
  { en: "{} of 5 connections were closed with four segments", zh: "5 条连接中 {} 条用了四个报文段关闭" },
  {
    needs: ["packet"],
    of: (recording) =>
      wireConnections(recording).filter(({ packets }) => closingSegments(packets).length === 4).length,
  },
  atLeast(3),
);

/** C12: four segments, since ACK and FIN are mostly separate. */
const four: Rule = {
  id: "C12",
  under: [
    { where: AT_ONCE, in: ["teardown/at-once"], asks: [fourSegments] },
    {
      where: { en: "a Node.js HTTP server as it comes", zh: "默认设置的 Node.js HTTP 服务器" },
      in: ["closing-otherwise/http"],
      asks: [fourSegments],
    },
  ],
  beyond: [{ where: LATER, in: ["teardown/later"], asks: [fourSegments] }],
  because: {
    refuted: {
      en: "Linux lets the ACK of a FIN wait for up to 40 ms, and a program that closes at end-of-file, as most do, is quicker: its FIN carries the ACK, and three segments are enough. Four it takes when the program has something left to do, as the document says itself, or when both close at once.",
      zh: "Linux 对 FIN 的确认最多延迟 40 ms，而读到 EOF 就关闭的程序（多数如此）更快：它的 FIN 捎带 ACK，三个报文段就够了。只有程序还有事要做（文档自己给出的理由），或双方同时关闭时，才需要四个。",
    },
    holds: {
      en: "ACK and FIN left in segments of their own.",
      zh: "ACK 与 FIN 各自单独发送。",
    },
    "holds-with-limits": {
      en: "ACK and FIN left in segments of their own, unless the program closed at once.",
      zh: "除非程序立即关闭，ACK 与 FIN 各自单独发送。",
    },
  },
};

export const passiveClose: Rule[] = [byItself, lastAck, four];
