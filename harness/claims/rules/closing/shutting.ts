import { calls } from "../../../measure/calls.ts";
import { segments } from "../../../measure/segments.ts";
import type { Recording } from "../../../model/recording.ts";
import { atLeast } from "../../../verdict/bound.ts";
import { figureOf, question } from "../../former.ts";
import type { Question, Rule, Text } from "../../former.ts";
import { delivered, goodbye, written } from "./seen.ts";

const UNTOLD: Text = { en: "the calls were not told", zh: "没有调用的记录" };

/** FINs that the client sent when it had called shutdown(), and not yet close(). */
const finsBeforeClose = (isSo: (fins: number) => boolean): Question =>
  question(["packet", "report"], (recording) => {
    const [shut] = calls(recording, { program: "client" }).filter(({ call }) => call.startsWith("shutdown"));
    const [closed] = calls(recording, { program: "client", call: "close" });
    const fins = segments(recording, { from: "client", flags: ["FIN"] }).filter(
      ({ atUs }) => shut !== undefined && closed !== undefined && atUs > shut.atUs && atUs < closed.atUs,
    ).length;
    return {
      holds: shut === undefined || closed === undefined ? null : isSo(fins),
      observed: {
        en: `FINs between ${shut?.call ?? "shutdown()"} and close(): ${fins}`,
        zh: `${shut?.call ?? "shutdown()"} 与 close() 之间有 ${fins} 个 FIN`,
      },
    };
  });

/** Whether the client's end acknowledged all that the server wrote. */
const acknowledged: Question = question(["packet", "report"], (recording) => {
  const numbers = segments(recording, { from: "client" }).map(({ acknowledgement }) => acknowledgement ?? 0);
  const wrote = written(recording, "server");
  if (wrote === null) return { holds: null, observed: UNTOLD };
  const bytes = Math.min(Math.max(0, ...numbers) - 1, wrote);
  return {
    holds: bytes === wrote,
    observed: {
      en: `${bytes} of ${wrote} bytes were acknowledged`,
      zh: `${wrote} 字节中有 ${bytes} 字节被确认`,
    },
  };
});

/** What the client's recv() gave of all that the server had written; `isSo` is asked of both. */
const readAfterwards = (isSo: (bytes: number, wrote: number) => boolean): Question =>
  question(["report"], (recording) => {
    const bytes = calls(recording, { program: "client", call: "recv" })[0]?.bytes ?? null;
    const wrote = written(recording, "server");
    if (bytes === null || wrote === null) return { holds: null, observed: UNTOLD };
    return {
      holds: isSo(bytes, wrote),
      observed: {
        en: `recv() after it gave ${bytes} of ${wrote} bytes`,
        zh: `之后 recv() 仍读到 ${wrote} 字节中的 ${bytes} 字节`,
      },
    };
  });

/** What it came to when the peer still had something to say: `FIN, RST, recv() = ECONNRESET`. */
function cameTo(recording: Recording | undefined): string | null {
  if (recording === undefined) return null;
  const said = goodbye(recording, "client");
  const [read] = calls(recording, { program: "client", call: "recv" });
  if (said === null || read === undefined) return null;
  const reset = segments(recording, { from: "client", flags: ["RST"] }).length > 0;
  return `${said}${reset ? ", RST" : ""}, recv() = ${read.result}`;
}

const comeToTheSame: Question = question(["packet", "report"], (...[one, other]) => {
  const [here, there] = [cameTo(one), cameTo(other)];
  return {
    holds: here === null || there === null ? null : here === there,
    observed: {
      en: `SHUT_RDWR: ${here ?? "?"}; SHUT_RD and SHUT_WR: ${there ?? "?"}`,
      zh: `SHUT_RDWR：${here ?? "?"}；先 SHUT_RD 再 SHUT_WR：${there ?? "?"}`,
    },
  };
});

/** shutdown() in its three ways. */
export const rules: Rule[] = [
  {
    id: "C54",
    under: [
      {
        where: {
          en: "SHUT_RD with input there and more to come",
          zh: "接收队列里已有数据、后面还有数据时 SHUT_RD",
        },
        in: ["shutdown-three-ways/read"],
        asks: [acknowledged, readAfterwards((bytes) => bytes === 0)],
      },
    ],
    beyond: [
      {
        where: { en: "SHUT_RDWR in the same place", zh: "同样情形下 SHUT_RDWR" },
        in: ["shutdown-three-ways/both"],
        asks: [acknowledged],
      },
    ],
    because: {
      refuted: {
        en: "On Linux SHUT_RD throws nothing away, neither what was there nor what comes: both are acknowledged, and recv() gives both; it only waits no longer. That they are dropped is how BSD does it. With SHUT_RDWR what comes is not dropped in silence either: it is answered with a RST.",
        zh: "Linux 的 SHUT_RD 什么也不丢：已有的和后来的数据都会被确认，recv() 也都能读到，只是不再阻塞等待。“丢弃”是 BSD 的做法。换成 SHUT_RDWR 也不是悄悄丢弃，而是回 RST。",
      },
      holds: {
        en: "SHUT_RD empties the receive queue here, and what comes later is acknowledged and dropped.",
        zh: "这里的 SHUT_RD 会清空接收队列，之后到达的数据确认后即丢弃。",
      },
    },
  },
  {
    id: "C55",
    under: [
      {
        where: { en: "SHUT_WR with output queued", zh: "发送队列里有数据时 SHUT_WR" },
        in: ["shutdown-three-ways/write-with-output"],
        asks: [delivered((read, wrote) => read === wrote), finsBeforeClose((fins) => fins > 0)],
      },
      {
        where: { en: "SHUT_RDWR with output queued", zh: "发送队列里有数据时 SHUT_RDWR" },
        in: ["shutdown-three-ways/both-with-output"],
        asks: [delivered((read, wrote) => read === wrote), finsBeforeClose((fins) => fins > 0)],
      },
      {
        where: { en: "with input there and more to come", zh: "接收队列里已有数据、后面还有数据时" },
        in: ["shutdown-three-ways/both", "shutdown-three-ways/read-then-write"],
        asks: [comeToTheSame],
      },
    ],
    beyond: [
      {
        where: { en: "SHUT_WR when the peer's window is closed", zh: "对端窗口为零时 SHUT_WR" },
        in: ["orphans/zero-window"],
        asks: [
          figureOf(
            { en: "FINs that left the server: {}", zh: "服务端发出的 FIN：{} 个" },
            {
              needs: ["packet"],
              of: (recording) =>
                segments(recording, { from: "server", flags: ["FIN"] }).filter(({ phase }) => phase !== "end")
                  .length,
            },
            atLeast(1),
          ),
        ],
      },
    ],
    because: {
      "holds-with-limits": {
        en: "shutdown() puts a FIN behind what is queued and sends as much as windows allow; SHUT_RDWR is the two calls in one, down to the RST for what still comes. But “at once” is the receiver's to grant: with a closed window neither the rest nor the FIN leaves.",
        zh: "shutdown() 把 FIN 排在队尾，在窗口允许的范围内尽量发送；SHUT_RDWR 与先后调用两次完全一样，连对后来数据回 RST 也一样。但“立即”要看对方：窗口为零时，剩余数据和 FIN 都发不出去。",
      },
    },
  },
  {
    id: "C242",
    under: [
      {
        where: { en: "SHUT_RD", zh: "SHUT_RD" },
        in: ["shutdown-three-ways/read"],
        asks: [finsBeforeClose((fins) => fins === 0)],
      },
      {
        where: { en: "SHUT_WR", zh: "SHUT_WR" },
        in: ["shutdown-three-ways/write-with-output"],
        asks: [finsBeforeClose((fins) => fins > 0)],
      },
      {
        where: { en: "SHUT_RDWR", zh: "SHUT_RDWR" },
        in: ["shutdown-three-ways/both"],
        asks: [finsBeforeClose((fins) => fins > 0)],
      },
    ],
    beyond: [],
    because: {
      holds: {
        en: "Only an end that will not write any more has something to say: SHUT_RD sends no segment at all, and the other end cannot know of it.",
        zh: "只有不再写的一端才有话要说：SHUT_RD 一个报文都不发，对端无从知道。",
      },
    },
  },
];
