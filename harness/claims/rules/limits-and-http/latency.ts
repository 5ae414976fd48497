import { atLeast, atMost } from "../../../verdict/bound.ts";
import { figureOf } from "../../former.ts";
import type { Question, Rule } from "../../former.ts";
import { medianMs } from "./answers.ts";

/** The shortest time for which Linux delays an acknowledgement is 40 ms (TCP_DELACK_MIN); no answer takes as long without. */
const STALL_MS = 30;

const takes = (program: string, bound: Parameters<typeof figureOf>[2]): Question =>
  figureOf(
    { en: "an answer took {} ms in the median", zh: "应答时间的中位数是 {} ms" },
    { needs: ["attempt"], of: (recording) => medianMs(recording, program) },
    bound,
  );

export const rules: Rule[] = [
  {
    id: "C101",
    under: [
      {
        where: { en: "two small writes, requests one behind the other", zh: "分两次小写，请求一个接一个" },
        in: ["nagle-delayed-ack/buggy"],
        asks: [takes("load", atLeast(STALL_MS))],
      },
      {
        where: { en: "the same with TCP_NODELAY", zh: "同样的写法，设置 TCP_NODELAY" },
        in: ["nagle-delayed-ack/fixed"],
        asks: [takes("load", atMost(STALL_MS))],
      },
    ],
    beyond: [
      {
        where: {
          en: "the same two writes, with pauses between the requests",
          zh: "同样分两次写，请求之间有停顿",
        },
        in: ["nagle-delayed-ack/buggy"],
        asks: [takes("unhurried", atLeast(STALL_MS))],
      },
      {
        where: { en: "Nagle's algorithm, and an answer in one write", zh: "Nagle 算法开着，应答一次写完" },
        in: ["nagle-delayed-ack/fixed-by-one-write"],
        asks: [takes("load", atLeast(STALL_MS))],
      },
    ],
    because: {
      "holds-with-limits": {
        en:
          "a small segment waits for the acknowledgement of the small one before it, which the other end delays by 40 ms; but only where both meet: after a second small write, and where " +
          "the reader is taken for one that answers at once. One write for the whole answer loses nothing, Nagle or not",
        zh:
          "小段要等前一个小段的确认，而对端把确认推迟 40 ms；但只有两者碰到一起才会：第二次小写，并且读的一方被内核当成会立刻回话的一方。" +
          "应答一次写完就不受影响，开不开 Nagle 都一样",
      },
      holds: {
        en: "small answers waited for an acknowledgement however they were written",
        zh: "无论怎么写，小应答都在等确认",
      },
      refuted: {
        en: "no answer waited, or it waited with TCP_NODELAY too",
        zh: "应答没有等待，或者设置了 TCP_NODELAY 也照样等待",
      },
    },
  },
];
