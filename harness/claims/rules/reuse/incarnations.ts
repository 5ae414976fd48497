import { calls } from "../../../measure/calls.ts";
import { segments } from "../../../measure/segments.ts";
import type { Recording } from "../../../model/recording.ts";
import { atLeast, exactly } from "../../../verdict/bound.ts";
import { figureOf, wordsOf } from "../../ask.ts";
import type { Question, Rule } from "../../claim.ts";
import { count, foreignBytes, PACKET, REPORT, result, saidToSyn } from "./seen.ts";

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

function saidIs(wanted: string): Question {
  return wordsOf(
    { en: "the SYN was answered by {}", zh: "对该 SYN 的回应：{}" },
    { needs: PACKET, of: saidToSyn },
    wanted,
  );
}

/** How a repeated connect() from the port in TIME-WAIT, to the same destination, came out: the third one of the trial. */
function reconnectIs(wanted: string): Question {
  return wordsOf(
    { en: "connect() between the same two ports returned {}", zh: "对同一四元组再次 connect() 返回 {}" },
    { needs: REPORT, of: (recording) => result(recording, { program: "client", call: "connect" }, 2) },
    wanted,
  );
}

const withoutWait = {
  en: "without TIME-WAIT, without timestamps, with numbers that overlap",
  zh: "没有 TIME_WAIT、没有时间戳、序列号重叠",
};

export const incarnations: Rule[] = [
  {
    id: "C63",
    under: [
      { where: withoutWait, in: ["old-duplicate/no-guard"], asks: [takesOld] },
      {
        where: { en: "the same with TIME-WAIT", zh: "同样条件，但有 TIME_WAIT" },
        in: ["old-duplicate/time-wait"],
        asks: [takesNoneOld],
      },
    ],
    beyond: [
      {
        where: {
          en: "without TIME-WAIT, with numbers from the kernel's clock",
          zh: "没有 TIME_WAIT，初始序列号由内核时钟选取",
        },
        in: ["old-duplicate/clock"],
        asks: [takesOld],
      },
      {
        where: { en: "without TIME-WAIT, with timestamps", zh: "没有 TIME_WAIT，但有时间戳" },
        in: ["old-duplicate/timestamps"],
        asks: [takesOld],
      },
    ],
    because: {
      "holds-with-limits": {
        en: "It can happen, and nobody notices; but three guards must be missing at once. The clock of first numbers and timestamps each keep the segment out without any TIME-WAIT.",
        zh: "确实可能，而且谁都察觉不到；但要三道防线同时缺席。没有 TIME_WAIT 时，初始序列号的时钟或时间戳（PAWS）任何一个都能把旧报文挡在外面。",
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
          zh: "有时间戳但没有 TIME_WAIT，最后一个 ACK 丢失",
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
    id: "C65",
    under: [
      {
        where: { en: "a higher number, no timestamps", zh: "序列号更大，无时间戳" },
        in: ["syn-on-time-wait/higher"],
        asks: [saidIs("SYN-ACK")],
      },
    ],
    beyond: [
      {
        where: { en: "a higher number, an older timestamp", zh: "序列号更大，但时间戳更旧" },
        in: ["syn-on-time-wait/higher-older-timestamp"],
        asks: [saidIs("SYN-ACK")],
      },
    ],
    because: {
      "holds-with-limits": {
        en: "The TIME-WAIT gives way to a SYN above all its numbers. Where both connections carry timestamps, an older one refuses the SYN whatever its number is: so it may go to clients behind one address whose clocks differ.",
        zh: "TIME_WAIT 会让位给序列号更大的 SYN。但双方都用时间戳时，时间戳更旧的 SYN 不论序列号多大都被拒绝：同一 NAT 地址后面时钟不一致的多台客户端就会碰到。",
      },
      holds: {
        en: "A SYN above all numbers of the old connection was taken, whatever its timestamp.",
        zh: "序列号更大的 SYN 一律被接受，与时间戳无关。",
      },
      refuted: {
        en: "The TIME-WAIT did not give way to a SYN above all its numbers.",
        zh: "TIME_WAIT 没有让位给序列号更大的 SYN。",
      },
    },
  },
  {
    id: "C66",
    under: [
      {
        where: { en: "a lower number, no timestamps", zh: "序列号更小，无时间戳" },
        in: ["syn-on-time-wait/lower"],
        asks: [
          saidIs("nothing"),
          figureOf(
            {
              en: "connections after a RST and the same SYN once more: {}",
              zh: "发 RST 后再发同一 SYN，建立的连接数：{}",
            },
            {
              needs: REPORT,
              of: (recording) => {
                const accepted = count(
                  recording,
                  { program: "server", call: "accept" },
                  (one) => typeof one.result === "number",
                );
                return accepted === null ? null : accepted - 1;
              },
            },
            exactly(0),
          ),
        ],
      },
    ],
    beyond: [
      {
        where: { en: "a lower number, a newer timestamp", zh: "序列号更小，但时间戳更新" },
        in: ["syn-on-time-wait/lower-newer-timestamp"],
        asks: [saidIs("nothing")],
      },
    ],
    because: {
      refuted: {
        en: "Linux is not silent: it answers with an ACK of the old connection. A client that gets it in SYN-SENT resets, which ends the TIME-WAIT, and its next SYN is taken; with a newer timestamp already the first one is. The document watched Windows Server 2003.",
        zh: "Linux 并非毫无反应：它用旧连接的 ACK 回应。客户端在 SYN_SENT 收到后发 RST，TIME_WAIT 随之结束，下一个 SYN 就被接受；若时间戳更新，第一个 SYN 就被接受。文档观察的是 Windows Server 2003。",
      },
      "holds-with-limits": {
        en: "The SYN met silence; with a newer timestamp it was taken.",
        zh: "该 SYN 没有任何回应；但时间戳更新时会被接受。",
      },
      holds: { en: "The SYN met silence.", zh: "该 SYN 没有任何回应。" },
    },
  },
  {
    id: "C67",
    under: [
      {
        where: { en: "TIME-WAIT at the connecting end, defaults", zh: "TIME_WAIT 在主动连接方，默认设置" },
        in: ["fixed-client-port/defaults"],
        asks: [reconnectIs("EADDRNOTAVAIL")],
      },
      {
        where: {
          en: "TIME-WAIT at the listening end, a higher SYN",
          zh: "TIME_WAIT 在监听方，SYN 序列号更大",
        },
        in: ["syn-on-time-wait/higher"],
        asks: [saidIs("ACK")],
      },
    ],
    beyond: [
      {
        where: {
          en: "TIME-WAIT at the connecting end, no timestamps",
          zh: "TIME_WAIT 在主动连接方，无时间戳",
        },
        in: ["fixed-client-port/no-timestamps"],
        asks: [reconnectIs("EADDRNOTAVAIL")],
      },
    ],
    because: {
      refuted: {
        en: "Both ends start one where it is safe: the connecting end when timestamps keep old segments out, the listening end when the SYN's number or timestamp is higher. RFC 1122 (section 4.2.2) allowed that in 1989. Only without timestamps does connect() refuse.",
        zh: "只要安全，两端都会建立新的化身：主动连接方靠时间戳挡住旧报文，监听方看 SYN 的序列号或时间戳是否更大。RFC 1122（4.2.2 节）1989 年就允许这样做。只有没有时间戳时 connect() 才会拒绝。",
      },
      holds: {
        en: "Neither end started a new connection while the old one was in TIME-WAIT.",
        zh: "旧连接处于 TIME_WAIT 时，两端都不会建立新连接。",
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
