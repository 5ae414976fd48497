import { calls } from "../../../measure/calls.ts";
import { segments } from "../../../measure/segments.ts";
import { atLeast, exactly } from "../../../verdict/bound.ts";
import { figureOf, wordsOf } from "../../former.ts";
import type { Question, Rule, Text } from "../../former.ts";
import { firstResult, wentThrough } from "./evidence.ts";
import { lasts } from "./lasting.ts";

const AT_ONCE: Text = {
  en: "when the other end closes at end-of-file",
  zh: "对端读到 EOF 就关闭时",
};
const AFTER_CLOSE: Text = { en: "after close()", zh: "调用 close() 之后" };

/** C05: FIN-WAIT-2 is half a connection, and often seen. */
const finWait2: Rule = {
  id: "C05",
  under: [
    {
      where: { en: "after shutdown(SHUT_WR)", zh: "调用 shutdown(SHUT_WR) 之后" },
      in: ["half-close/shutdown-write"],
      asks: [
        lasts("client", "FIN-WAIT-2", atLeast(200)),
        figureOf(
          { en: "{} bytes were received in it", zh: "在此状态收到 {} 字节" },
          {
            needs: ["report"],
            of: (recording) => calls(recording, { program: "client", call: "recv" }).at(-1)?.bytes ?? null,
          },
          atLeast(1),
        ),
      ],
    },
    {
      where: { en: "when the other end's program does not close", zh: "对端程序迟迟不关闭时" },
      in: ["closing-otherwise/never-accepted"],
      asks: [lasts("client", "FIN-WAIT-2", atLeast(200))],
    },
  ],
  beyond: [
    {
      where: AFTER_CLOSE,
      in: ["half-close/close"],
      asks: [
        figureOf(
          { en: "data that came was answered with {} RST", zh: "收到的数据被以 {} 个 RST 回应" },
          {
            needs: ["packet"],
            of: (recording) => segments(recording, { from: "client", flags: ["RST"] }).length,
          },
          exactly(0),
        ),
      ],
    },
    {
      where: AT_ONCE,
      in: ["teardown/at-once"],
      asks: [
        figureOf(
          { en: "{} of 5 connections passed FIN-WAIT-2", zh: "5 条连接中 {} 条经过 FIN-WAIT-2" },
          {
            needs: ["packet", "sockets"],
            of: (recording) => wentThrough(recording, "client", "FIN-WAIT-2"),
          },
          atLeast(3),
        ),
      ],
    },
  ],
  because: {
    "holds-with-limits": {
      en: "FIN-WAIT-2 is where one waits for the other's FIN, and one may receive in it, if one got there by shutdown(). After close() nobody can read: data that comes is answered with a RST, and tcp_fin_timeout ends the wait. Where the other end closes at once, there is no FIN-WAIT-2 at all.",
      zh: "FIN-WAIT-2 就是等对方的 FIN；用 shutdown() 进入时还能接收数据。用 close() 进入则没有人能读：再来数据会被回以 RST，等待也受 tcp_fin_timeout 限制。对端立即关闭时，根本不会出现 FIN-WAIT-2。",
    },
  },
};

const closersSend = (wanted: RegExp): Question =>
  wordsOf(
    { en: "its send() came to {}", zh: "其 send() 的结果是 {}" },
    { needs: ["report"], of: (recording) => firstResult(recording, "client", "send") },
    wanted,
  );

/** C203, added, and against C05: it is the end in FIN-WAIT-2 that has more to say. */
const stillSends: Rule = {
  id: "C203",
  under: [
    {
      where: { en: "in FIN-WAIT-2, after shutdown(SHUT_WR)", zh: "shutdown(SHUT_WR) 之后，处于 FIN-WAIT-2" },
      in: ["closing-otherwise/half-closed"],
      asks: [
        closersSend(/^\d+$/),
        figureOf(
          {
            en: "the end in FIN-WAIT-2 received {} bytes",
            zh: "处于 FIN-WAIT-2 的一端反而收到 {} 字节",
          },
          {
            needs: ["report"],
            of: (recording) => calls(recording, { program: "client", call: "recv" }).at(-1)?.bytes ?? null,
          },
          exactly(0),
        ),
      ],
    },
  ],
  beyond: [],
  because: {
    refuted: {
      en: "It is the other way round: a FIN is the last thing that an end says, and whoever is in FIN-WAIT-2 has sent its own, so send() fails with EPIPE. The data that is still to come is the other end's, which is in CLOSE-WAIT.",
      zh: "正好相反：FIN 是一端说的最后一句话，处于 FIN-WAIT-2 的一端已经发过 FIN，再 send() 会得到 EPIPE。还有数据要发的是对端，它处于 CLOSE-WAIT。",
    },
  },
};

export const halfClosed: Rule[] = [finWait2, stillSends];
