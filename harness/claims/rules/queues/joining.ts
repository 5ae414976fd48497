import { calls } from "../../../measure/calls.ts";
import { queueSeries } from "../../../measure/listeners.ts";
import { segments } from "../../../measure/segments.ts";
import type { Recording } from "../../../model/recording.ts";
import { atLeast, exactly, type Bound } from "../../../verdict/bound.ts";
import { figureOf, question } from "../../former.ts";
import type { Question, Rule } from "../../former.ts";
import { mostQueued } from "../handshake/seen.ts";

const queued = (bound: Bound): Question =>
  figureOf(
    { en: "at most {} waited in the queue", zh: "队列中最多有 {} 个" },
    { needs: ["listeners"], of: mostQueued },
    bound,
  );

const accepts = (recording: Recording): number =>
  calls(recording, { program: "server", call: "accept" }).length;

/** Queued connections for which no accept() had returned: by the claim there are none. */
const nobodyBeforeAccept: Question = question(["listeners", "report"], (...recordings) => {
  const [waiting = null] = recordings.map(mostQueued);
  const accepted = recordings.map(accepts)[0] ?? 0;
  return {
    holds: waiting === null ? null : waiting === 0,
    observed: {
      en: `${waiting ?? "?"} waited in the queue and ${accepted} had been accepted`,
      zh: `队列中有 ${waiting ?? "?"} 个，已 accept 的有 ${accepted} 个`,
    },
  };
});

const joinsAtAccept: Rule = {
  id: "C84",
  under: [
    {
      where: { en: "when accept() is never called", zh: "从不调用 accept() 时" },
      in: ["handshake/nobody-accepts"],
      asks: [nobodyBeforeAccept],
    },
    {
      where: { en: "when two of eight are accepted", zh: "八个中只 accept 两个时" },
      in: ["accept-queue-length/both-large"],
      asks: [nobodyBeforeAccept],
    },
  ],
  beyond: [],
  because: {
    refuted: {
      en: "It is the other way round: the third segment puts a connection into the queue, without the program's doing, and accept() takes it out",
      zh: "恰好相反：收到第三个报文段时由内核放入队列，与程序无关；accept() 是把它取出来",
    },
    holds: { en: "nothing is queued before accept()", zh: "accept() 之前队列是空的" },
  },
};

/** From the third segment of the n-th connection to the return of accept() for it, in milliseconds. */
function acceptedAfterMs(recording: Recording, connection: number): number | null {
  const third = segments(recording, { connection, from: "client", without: ["SYN"] })[0];
  const accepted = calls(recording, { program: "server", call: "accept" })[connection - 1];
  return third === undefined || accepted === undefined ? null : (accepted.atUs - third.atUs) / 1000;
}

const joinsAtThird: Rule = {
  id: "C263",
  under: [
    {
      where: { en: "when accept() is never called", zh: "从不调用 accept() 时" },
      in: ["handshake/nobody-accepts"],
      asks: [queued(exactly(1))],
    },
    {
      where: { en: "when two of eight are accepted", zh: "八个中只 accept 两个时" },
      in: ["accept-queue-length/both-large"],
      asks: [queued(exactly(6))],
    },
    {
      where: { en: "when accept() waits for the only one", zh: "accept() 正等着唯一的连接时" },
      in: ["handshake/accepted"],
      asks: [
        figureOf(
          { en: "{} were left in the queue", zh: "队列中剩下 {} 个" },
          {
            needs: ["listeners"],
            of: (recording) => queueSeries(recording, { host: "server" }).last?.value ?? null,
          },
          exactly(0),
        ),
      ],
    },
  ],
  beyond: [
    {
      where: { en: "when the queue is full as the third segment comes", zh: "第三个报文段到达时队列已满" },
      in: ["third-segment-refused/given-up"],
      asks: [queued(atLeast(3))],
    },
    {
      where: { en: "with TCP Fast Open and a good cookie", zh: "使用 TCP Fast Open 且 cookie 有效时" },
      in: ["fast-open/with-cookie"],
      asks: [
        figureOf(
          {
            en: "accept() returned {} ms after the third segment (negative: before it)",
            zh: "accept() 在第三个报文段之后 {} 毫秒返回（负数表示之前）",
          },
          { needs: ["packet", "report"], of: (recording) => acceptedAfterMs(recording, 2) },
          atLeast(0),
        ),
      ],
    },
  ],
  because: {
    "holds-with-limits": {
      en: "The third segment makes the connection and queues it, accept() takes it out. Where the queue is full it is not made, and the client is connected alone; with Fast Open the SYN itself queues it, a round trip before the third segment",
      zh: "第三个报文段到达时建立连接并入队，accept() 取出。队列已满时不会建立，只剩客户端自以为已连接；用 Fast Open 时 SYN 一到就入队，比第三个报文段早一个往返",
    },
    holds: {
      en: "the third segment queues it, accept() takes it out",
      zh: "第三个报文段使其入队，accept() 取出",
    },
    refuted: { en: "this kernel queues connections at another moment", zh: "这个内核在别的时刻入队" },
  },
};

export const rules: Rule[] = [joinsAtAccept, joinsAtThird];
