import { calls } from "../../../measure/calls.ts";
import { segments } from "../../../measure/segments.ts";
import type { Recording } from "../../../model/recording.ts";
import { atLeast, exactly } from "../../../verdict/bound.ts";
import { figureOf } from "../../former.ts";
import type { Question, Rule } from "../../former.ts";
import { foreignBytes, PACKET, REPORT, result } from "./seen.ts";

const takesOld: Question = figureOf(
  {
    en: "bytes of the former connection that were read as the new one's: {}",
    zh: "被当作新连接数据读走的旧连接字节数：{}",
  },
  { needs: REPORT, of: foreignBytes },
  atLeast(1),
);
const takesNoneOld: Question = figureOf(
  {
    en: "bytes of the former connection that were read as the new one's: {}",
    zh: "被当作新连接数据读走的旧连接字节数：{}",
  },
  { needs: REPORT, of: foreignBytes },
  exactly(0),
);

/** What the server read behind the connection's first bytes, until its end. */
function readBehind(recording: Recording): number | null {
  return calls(recording, { program: "server", call: "recv" })[1]?.bytes ?? null;
}

const readsItsOwn: Question = figureOf(
  {
    en: "the program read {} bytes, where 23 were its connection's own",
    zh: "程序读到 {} 字节（自己的数据是 23 字节）",
  },
  {
    needs: REPORT,
    of: readBehind,
  },
  exactly(23),
);

const isNotReset: Question = figureOf(
  { en: "connections that the late RST ended: {}", zh: "被迟到的 RST 终止的连接数：{}" },
  {
    needs: REPORT,
    of: (recording) => {
      // What ended the last connection: the program's last call on it.
      const last = result(recording, { program: "server", call: "recv" }, "last");
      return last === null ? null : Number(last === "ECONNRESET");
    },
  },
  exactly(0),
);

const withoutWait = {
  en: "without TIME-WAIT, without timestamps, with numbers that overlap",
  zh: "没有 TIME-WAIT、没有时间戳、序列号重叠",
};

/** Of segments that come when their connection, or their place in it, is over. */
export const lateSegments: Rule[] = [
  {
    id: "C63",
    under: [
      { where: withoutWait, in: ["old-duplicate/no-guard"], asks: [takesOld] },
      {
        where: { en: "the same with TIME-WAIT", zh: "同样条件，但有 TIME-WAIT" },
        in: ["old-duplicate/time-wait"],
        asks: [takesNoneOld],
      },
    ],
    beyond: [
      {
        where: {
          en: "without TIME-WAIT, with numbers from the kernel's clock",
          zh: "没有 TIME-WAIT，初始序列号由内核时钟选取",
        },
        in: ["old-duplicate/clock"],
        asks: [takesOld],
      },
      {
        where: { en: "without TIME-WAIT, with timestamps", zh: "没有 TIME-WAIT，但有时间戳" },
        in: ["old-duplicate/timestamps"],
        asks: [takesOld],
      },
    ],
    because: {
      "holds-with-limits": {
        en: "It can happen, and nobody notices; but three guards must be missing at once. The clock of first numbers and timestamps each keep the segment out without any TIME-WAIT.",
        zh: "确实可能，而且谁都察觉不到；但要三道防线同时缺席。没有 TIME-WAIT 时，初始序列号的时钟或时间戳（PAWS）任何一个都能把旧报文挡在外面。",
      },
      refuted: {
        en: "Here the old segment was kept out even without any of the three guards.",
        zh: "在这里即使三道防线都没有，旧报文也进不来。",
      },
    },
  },
  {
    id: "C64",
    under: [
      {
        where: { en: "a late segment with data, with timestamps", zh: "有时间戳，迟到的是数据报文" },
        in: ["old-duplicate/timestamps"],
        asks: [takesNoneOld],
      },
    ],
    beyond: [
      {
        where: { en: "a late RST, with timestamps", zh: "有时间戳，迟到的是 RST" },
        in: ["old-timestamp/former-connection"],
        asks: [isNotReset],
      },
      {
        where: {
          en: "the last ACK is lost and there is no TIME-WAIT, with timestamps",
          zh: "有时间戳但没有 TIME-WAIT，最后一个 ACK 丢失",
        },
        in: ["last-ack-lost/no-time-wait"],
        asks: [
          figureOf(
            { en: "RSTs in answer to the repeated FIN: {}", zh: "重传的 FIN 收到的 RST 数：{}" },
            {
              needs: PACKET,
              of: (recording) => segments(recording, { from: "client", flags: ["RST"] }).length,
            },
            exactly(0),
          ),
        ],
      },
    ],
    because: {
      "holds-with-limits": {
        en: "Old data is dropped by its timestamp. But Linux takes a RST by its number alone, so an old one ends the new connection; and the other task of 2MSL, answering a repeated FIN, has nothing to do with timestamps.",
        zh: "旧数据确实会因时间戳过期被丢弃。但 RST 只看序列号、不做 PAWS 检查，旧的 RST 能终止新连接；而 2MSL 的另一个任务——回应重传的 FIN——与时间戳无关。",
      },
      refuted: {
        en: "Old data got into the new connection in spite of the timestamps.",
        zh: "尽管有时间戳，旧数据仍进入了新连接。",
      },
    },
  },
  {
    id: "C104",
    under: [
      {
        where: {
          en: "a segment with the expected number and an old timestamp",
          zh: "序列号恰好对上、时间戳是旧的报文",
        },
        in: ["old-timestamp/data"],
        asks: [readsItsOwn],
      },
      {
        where: { en: "the same number without timestamps", zh: "同样的序列号，没有时间戳" },
        in: ["old-timestamp/data-no-timestamps"],
        asks: [
          figureOf(
            { en: "bytes of the old segment that the program read: {}", zh: "程序读走的旧报文字节数：{}" },
            {
              needs: REPORT,
              of: readBehind,
            },
            exactly(97),
          ),
        ],
      },
    ],
    beyond: [
      {
        where: { en: "an old RST with the expected number", zh: "序列号恰好对上的旧 RST" },
        in: ["old-timestamp/reset"],
        asks: [isNotReset],
      },
    ],
    because: {
      "holds-with-limits": {
        en: "After 4 GiB an old segment's number fits again, and only its timestamp gives it away (PAWS, RFC 7323). A RST is not asked for its timestamp: one with the right number ends the connection.",
        zh: "传过 4 GiB 后旧报文的序列号会再次对上，只有时间戳能识破它（PAWS，RFC 7323）。但 RST 不检查时间戳：序列号对上就会终止连接。",
      },
      holds: {
        en: "Everything with an old timestamp was kept out, a RST too.",
        zh: "时间戳过旧的报文一律被挡住，RST 也不例外。",
      },
      refuted: {
        en: "Timestamps made no difference to a segment whose number fits again.",
        zh: "对序列号再次对上的旧报文，时间戳没有起作用。",
      },
    },
  },
];
