import { calls } from "../../../measure/calls.ts";
import { segments } from "../../../measure/segments.ts";
import { socketSeries } from "../../../measure/sockets.ts";
import type { Recording } from "../../../model/recording.ts";
import { atMost, between, exactly } from "../../../verdict/bound.ts";
import { figure } from "../../../verdict/wording.ts";
import { figureOf, question, wordsOf } from "../../former.ts";
import type { Question, Rule } from "../../former.ts";
import { AT_ONCE_MS, closeMs, delivered } from "./seen.ts";

const resetAfter: Question = figureOf(
  { en: "RST {} ms after close()", zh: "close() 之后 {} ms 发出 RST" },
  {
    needs: ["packet", "report"],
    of: (recording) => {
      const [closed] = calls(recording, { program: "client", call: "close" });
      const [reset] = segments(recording, { from: "client", flags: ["RST"] });
      return closed === undefined || reset === undefined ? null : (reset.atUs - closed.atUs) / 1000;
    },
  },
  atMost(AT_ONCE_MS),
);

const timeWaits: Question = figureOf(
  { en: "{} TIME-WAIT at the client", zh: "客户端的 TIME-WAIT：{} 个" },
  {
    needs: ["sockets"],
    of: (recording) => socketSeries(recording, { host: "client", state: "TIME-WAIT" }).peak?.value ?? null,
  },
  exactly(0),
);

const peerReads = (wanted: string): Question =>
  wordsOf(
    { en: "the peer's recv() = {}", zh: "对端 recv() = {}" },
    {
      needs: ["report"],
      of: (recording) => {
        const [read] = calls(recording, { program: "server", call: "recv" });
        return read === undefined || read.result === null ? null : String(read.result);
      },
    },
    wanted,
  );

/** The seconds that a trial's client asked for. */
function secondsAsked(recording: Recording): number | null {
  const set = calls(recording, { program: "client" }).find(({ call }) =>
    call.startsWith("setsockopt(SO_LINGER"),
  );
  const seconds = Number(/, (\d+)\)$/.exec(set?.call ?? "")?.[1]);
  return Number.isNaN(seconds) ? null : seconds;
}

/** Whether close() took the time that was asked for, to a tenth less, and no more than twice. */
const tookItsTime: Question = question(["report"], (recording) => {
  const [asked, ms] = [secondsAsked(recording), closeMs(recording)];
  const isKnown = asked !== null && ms !== null;
  return {
    holds: isKnown ? between(asked * 900, asked * 2000).holds(ms) : null,
    observed: {
      en: `asked for ${asked ?? "?"} s, close() took ${ms === null ? "?" : figure(ms / 1000)} s`,
      zh: `设了 ${asked ?? "?"} 秒，close() 用了 ${ms === null ? "?" : figure(ms / 1000)} 秒`,
    },
  };
});

/** Whether the connection was over when close() had waited for its time. */
const isOverThen: Question = figureOf(
  { en: "afterwards {} orphan in FIN-WAIT-1 goes on", zh: "之后仍有 {} 个孤儿停在 FIN-WAIT-1" },
  {
    needs: ["sockets"],
    of: (recording) =>
      socketSeries(recording, { host: "client", state: "FIN-WAIT-1", owner: "none" }).during("drain").last
        ?.value ?? null,
  },
  exactly(0),
);

/** SO_LINGER, on. */
export const rules: Rule[] = [
  {
    id: "C50",
    under: [
      {
        where: { en: "close() with bytes queued", zh: "发送队列里有数据时 close()" },
        in: ["linger/zero"],
        asks: [resetAfter, delivered((read, wrote) => read < wrote), peerReads("ECONNRESET"), timeWaits],
      },
    ],
    beyond: [
      {
        where: {
          en: "close() when shutdown() came first, and the peer's FIN has come",
          zh: "先 shutdown()、对端 FIN 已到，之后才 close()",
        },
        in: ["linger/zero-after-both-ended"],
        asks: [timeWaits],
      },
    ],
    because: {
      "holds-with-limits": {
        en: "close() is a RST, and what was not sent is thrown away. The peer reads what had come before, and then gets ECONNRESET. But the option acts in close(): when both FINs were exchanged before, there is nothing to reset, and TIME-WAIT stays for its 60 s.",
        zh: "close() 直接发 RST，没发出去的数据全部丢弃；对端先读到已到达的部分，再得到 ECONNRESET。但该选项只在 close() 时生效：若之前双方 FIN 已交换完，就没有可复位的连接，TIME-WAIT 照样留满 60 秒。",
      },
    },
  },
  {
    id: "C51",
    under: [
      {
        where: { en: "when the peer reads", zh: "对端正常读取时" },
        in: ["linger/seconds"],
        asks: [tookItsTime],
      },
    ],
    beyond: [
      {
        where: { en: "when nothing is acknowledged", zh: "对端毫无确认时" },
        in: ["linger/seconds-unanswered"],
        asks: [tookItsTime, isOverThen],
      },
    ],
    because: {
      refuted: {
        en: "The closing begins at once, and the time is only the longest that close() waits for the FIN's acknowledgement: usually it is back after a round trip or a few. When the time runs out nothing is closed either: close() returns 0, and the kernel goes on as without the option.",
        zh: "关闭立即开始，这个秒数只是 close() 等待 FIN 被确认的上限，通常一两个往返就返回。时间用完也不会强行关闭：close() 照样返回 0，内核继续在后台发送，与没设该选项一样。",
      },
      holds: {
        en: "close() always takes the whole time here, even when everything was acknowledged long before.",
        zh: "这里的 close() 总要等满设定的时间，哪怕早已全部确认。",
      },
    },
  },
];
