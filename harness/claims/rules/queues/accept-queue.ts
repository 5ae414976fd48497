import { fullestQueue } from "../../../measure/listeners.ts";
import { socketSeries } from "../../../measure/sockets.ts";
import type { Recording } from "../../../model/recording.ts";
import { atMost, exactly, type Bound } from "../../../verdict/bound.ts";
import { figureOf, question } from "../../former.ts";
import type { Question, Rule } from "../../former.ts";
import { mostHalfOpen, mostQueued } from "../handshake/seen.ts";

const sendQueue = (bound: Bound): Question =>
  figureOf(
    { en: "Send-Q was {}", zh: "Send-Q 为 {}" },
    { needs: ["listeners"], of: (recording) => fullestQueue(recording, { host: "server" })?.backlog ?? null },
    bound,
  );

const queued = (bound: Bound): Question =>
  figureOf(
    { en: "at most {} connections waited", zh: "最多有 {} 个连接在排队" },
    { needs: ["listeners"], of: mostQueued },
    bound,
  );

/** The most established connections that no process held: those that nobody has accepted. */
function unaccepted(recording: Recording): number | null {
  const which = { host: "server", state: "ESTABLISHED", side: "listener", owner: "none" } as const;
  return socketSeries(recording, which).peak?.value ?? null;
}

const minimum: Rule = {
  id: "C83",
  under: [
    {
      where: { en: "listen() with 4, somaxconn 4096", zh: "listen() 传 4、somaxconn 为 4096" },
      in: ["accept-queue-length/backlog-4"],
      asks: [sendQueue(exactly(4))],
    },
    {
      where: { en: "listen() with 511, somaxconn 4", zh: "listen() 传 511、somaxconn 为 4" },
      in: ["accept-queue-length/somaxconn-4"],
      asks: [sendQueue(exactly(4))],
    },
    {
      where: { en: "listen() with 511, somaxconn 4096", zh: "listen() 传 511、somaxconn 为 4096" },
      in: ["accept-queue-length/both-large"],
      asks: [sendQueue(exactly(511))],
    },
  ],
  beyond: [
    {
      where: { en: "as the number of connections that fit", zh: "按真正装得下的连接数看" },
      in: ["accept-queue-length/backlog-4"],
      asks: [queued(exactly(4))],
    },
  ],
  because: {
    "holds-with-limits": {
      en: "The limit is the smaller of the two, taken at listen(); the kernel calls the queue full when it is longer than that, so one more fits: 5 with a limit of 4",
      zh: "上限是两者中较小的，在 listen() 时取定；内核要等长度超过上限才算满，所以会多容纳一个：上限 4 时实际能排 5 个",
    },
    holds: { en: "the smaller of the two, and not one more", zh: "两者中较小者，一个也不多" },
    refuted: { en: "the limit is not the smaller of the two", zh: "上限并不是两者中较小者" },
  },
};

/** Recv-Q at its fullest beside the established connections that nobody has accepted. */
const countsThem: Question = question(["listeners", "sockets"], (...recordings) => {
  const [waiting = null] = recordings.map(mostQueued);
  const [nobodys = null] = recordings.map(unaccepted);
  return {
    holds: waiting === null || nobodys === null ? null : waiting === nobodys,
    observed: {
      en: `Recv-Q was ${waiting ?? "?"}, and the connections that nobody had accepted were ${nobodys ?? "?"}`,
      zh: `Recv-Q 为 ${waiting ?? "?"}，尚未 accept 的连接有 ${nobodys ?? "?"} 个`,
    },
  };
});

const columns: Rule = {
  id: "C86",
  under: [
    {
      where: { en: "one connection, listen() with 4", zh: "一个连接、listen() 传 4" },
      in: ["handshake/nobody-accepts"],
      asks: [countsThem, sendQueue(exactly(4))],
    },
    {
      where: {
        en: "eight, of which two are accepted, listen() with 511",
        zh: "八个连接已 accept 两个、listen() 传 511",
      },
      in: ["accept-queue-length/both-large"],
      asks: [countsThem, sendQueue(exactly(511))],
    },
  ],
  beyond: [
    {
      where: { en: "while 47 handshakes are under way", zh: "有 47 个握手尚未完成时" },
      in: ["syn-queue-length/wide"],
      asks: [
        question(["listeners", "sockets"], (...recordings) => {
          const [waiting = null] = recordings.map(mostQueued);
          const [half = null] = recordings.map(mostHalfOpen);
          return {
            holds: waiting === null || half === null || half === 0 ? null : waiting <= 1,
            observed: {
              en: `Recv-Q was at most ${waiting ?? "?"} with ${half ?? "?"} in SYN-RECEIVED`,
              zh: `有 ${half ?? "?"} 个处于 SYN_RECV，Recv-Q 最多为 ${waiting ?? "?"}`,
            },
          };
        }),
      ],
    },
    {
      where: { en: "with more than fit, listen() with 4", zh: "来的比装得下的多、listen() 传 4" },
      in: ["accept-queue-length/backlog-4"],
      asks: [queued(atMost(4))],
    },
  ],
  because: {
    "holds-with-limits": {
      en: "Recv-Q counts finished handshakes that nobody has accepted, unfinished ones are not in it. Send-Q is the limit and not quite the maximum: a full queue shows one more, Recv-Q 5 with Send-Q 4",
      zh: "Recv-Q 数的是已完成握手而未被 accept 的连接，半连接不算。Send-Q 是上限，却不完全是最大值：满的时候会多一个，即 Recv-Q 5、Send-Q 4",
    },
    holds: { en: "Recv-Q never exceeds Send-Q", zh: "Recv-Q 从不超过 Send-Q" },
    refuted: { en: "the columns mean something else here", zh: "这里这两列另有含义" },
  },
};

export const rules: Rule[] = [minimum, columns];
