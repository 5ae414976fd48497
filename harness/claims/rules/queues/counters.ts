import { counterDelta, counterSeries } from "../../../measure/counters.ts";
import type { Recording } from "../../../model/recording.ts";
import { exactly } from "../../../verdict/bound.ts";
import { question } from "../../former.ts";
import type { Condition, Question, Rule, Text } from "../../former.ts";
import { counted, returned } from "../handshake/seen.ts";

const OVERFLOWS = "TcpExtListenOverflows";
const delta = (recording: Recording, counter: string): number | null =>
  counterDelta(recording, { host: "server", counter });

const notFewer: Question = question(["counters"], (...recordings) => {
  const [drops = null] = recordings.map((one) => delta(one, "TcpExtListenDrops"));
  const [overflows = null] = recordings.map((one) => delta(one, OVERFLOWS));
  const numbers = `ListenDrops ${drops ?? "?"}, ListenOverflows ${overflows ?? "?"}`;
  return {
    holds: drops === null || overflows === null || drops + overflows === 0 ? null : drops >= overflows,
    observed: { en: numbers, zh: numbers },
  };
});

const inTrial = (trial: string, where: Text): Condition => ({ where, in: [trial], asks: [notFewer] });

const dropsAndOverflows: Rule = {
  id: "C89",
  under: [
    inTrial("accept-queue-overflow/buggy", {
      en: "SYNs meet a full accept queue",
      zh: "SYN 遇到满的全连接队列",
    }),
    inTrial("third-segment-refused/dropped", {
      en: "third segments meet a full accept queue",
      zh: "第三个报文段遇到满的全连接队列",
    }),
  ],
  beyond: [
    inTrial("third-segment-refused/abort", {
      en: "they do, and are answered by RST",
      zh: "同上，并以 RST 应答",
    }),
    inTrial("accept-queue-length/cookies-always", {
      en: "with SYN cookies for all",
      zh: "对所有 SYN 都用 cookie",
    }),
    inTrial("syn-queue-length/short-backlog", { en: "the SYN queue is full", zh: "半连接队列已满" }),
    inTrial("syn-queue-length/narrow-sysctl", {
      en: "the rest of the SYN queue is kept for others",
      zh: "半连接队列余下的位置留给别人",
    }),
  ],
  because: {
    holds: {
      en: "Every overflow is counted as a drop as well, in the same place of the kernel; a full SYN queue is a drop and no overflow",
      zh: "每次溢出在内核的同一处也会计为一次 drop；半连接队列满只计 drop，不计 overflow",
    },
    refuted: { en: "there were overflows that were no drops", zh: "有的溢出没有计入 drop" },
  },
};

/** That a counter rose, and at no look had fallen. */
const accumulates: Question = question(["counters"], (...recordings) => {
  const points = recordings.flatMap(
    (recording) => counterSeries(recording, { host: "server", counter: OVERFLOWS }).points,
  );
  const values = points.map(({ value }) => value);
  const last = values.at(-1);
  const isRising = values.every((value, nth) => nth === 0 || value >= (values[nth - 1] ?? 0));
  return {
    holds: last === undefined ? null : last > 0 && isRising,
    observed: {
      en: `${OVERFLOWS} rose to ${last ?? "?"} and ${isRising ? "never fell" : "fell in between"}`,
      zh: `${OVERFLOWS} 增加到 ${last ?? "?"}，${isRising ? "从未减少" : "中途减少过"}`,
    },
  };
});

/** How many connections did not come about, and how often the counter moved. */
const oneForEach: Question = question(["counters", "report"], (...recordings) => {
  const [overflows = null] = recordings.map((one) => delta(one, OVERFLOWS));
  const [lost = null] = recordings.map((one) =>
    returned(one, { program: "client", call: "connect" }, "ETIMEDOUT"),
  );
  return {
    holds: overflows === null || lost === null ? null : overflows === lost,
    observed: {
      en: `${OVERFLOWS} rose by ${overflows ?? "?"} for ${lost ?? "?"} lost connection`,
      zh: `丢了 ${lost ?? "?"} 个连接，${OVERFLOWS} 增加 ${overflows ?? "?"}`,
    },
  };
});

const cumulative: Rule = {
  id: "C106",
  under: [
    {
      where: { en: "with an accept queue that overflows time and again", zh: "全连接队列一再溢出" },
      in: ["accept-queue-overflow/buggy"],
      asks: [accumulates],
    },
    {
      where: { en: "with one that has room for all", zh: "队列装得下时" },
      in: ["accept-queue-length/both-large"],
      asks: [counted(OVERFLOWS, exactly(0))],
    },
  ],
  beyond: [
    {
      where: { en: "as the number of connections that were lost", zh: "当作丢掉的连接数来看" },
      in: ["accept-queue-length/backlog-4"],
      asks: [oneForEach],
    },
  ],
  because: {
    "holds-with-limits": {
      en: "ListenOverflows counts segments that met a full queue since the namespace began: SYNs, their repetitions and third segments, of all listeners together. One client that tries twice counts twice",
      zh: "ListenOverflows 累计的是遇到满队列的报文段：SYN、它的重传、第三个报文段都算，本命名空间内所有监听端口加在一起。一个客户端试两次就计两次",
    },
    holds: { en: "one for each lost connection, and it never falls", zh: "每丢一个连接计一次，只增不减" },
    refuted: { en: "the counter does not follow the overflows", zh: "计数与溢出不符" },
  },
};

export const rules: Rule[] = [dropsAndOverflows, cumulative];
