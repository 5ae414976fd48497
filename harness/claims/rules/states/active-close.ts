import { calls } from "../../../measure/calls.ts";
import { acknowledges } from "../../../measure/closing.ts";
import type { Recording } from "../../../model/recording.ts";
import { atLeast, atMost, exactly } from "../../../verdict/bound.ts";
import { figureOf, wordsOf } from "../../former.ts";
import type { Question, Rule, Text } from "../../former.ts";
import { lasts } from "./lasting.ts";
import { finAcknowledgedAfterMs, firstFin, medianMs, statesOf, wentStraight } from "./evidence.ts";

/** What one calls at once, of a kernel that may let an acknowledgement wait for 40 ms. */
const AT_ONCE_MS = 200;

const AT_ONCE: Text = {
  en: "when the other end closes at end-of-file",
  zh: "对端读到 EOF 就关闭时",
};
const LATER: Text = { en: "when the other end closes 240 ms later", zh: "对端 240 ms 后才关闭时" };
const BOTH: Text = { en: "when both ends close within one way", zh: "两端在一个单程之内都关闭时" };

/** C04: FIN-WAIT-1 is hardly ever seen, for the FIN is acknowledged at once. */
const finWait1: Rule = {
  id: "C04",
  under: [
    {
      where: { en: "23 connections over a short wire", zh: "短链路上的 23 条连接" },
      in: ["handshake-otherwise/quick"],
      asks: [
        figureOf(
          { en: "FIN-WAIT-1 lasted {} ms in the median", zh: "FIN-WAIT-1 持续时间的中位数为 {} ms" },
          {
            needs: ["packet"],
            of: (recording) =>
              medianMs(
                recording,
                ({ from, flags }) => from === "client" && flags.includes("FIN"),
                (packet, fin) => acknowledges(packet, fin),
              ),
          },
          atMost(AT_ONCE_MS),
        ),
      ],
    },
    {
      where: LATER,
      in: ["teardown/later"],
      asks: [
        figureOf(
          { en: "its kernel acknowledged the FIN after {} ms", zh: "其内核在 {} ms 后确认 FIN" },
          { needs: ["packet"], of: (recording) => finAcknowledgedAfterMs(recording, "client") },
          atMost(AT_ONCE_MS),
        ),
      ],
    },
  ],
  beyond: [
    {
      where: { en: "when the other end is gone", zh: "对端主机已消失时" },
      in: ["half-open-idle/fixed"],
      asks: [lasts("server", "FIN-WAIT-1", atMost(500))],
    },
    {
      where: { en: "when the other end takes no data", zh: "对端不再接收数据（零窗口）时" },
      in: ["fin-wait-1-held/buggy"],
      asks: [lasts("server", "FIN-WAIT-1", atMost(500))],
    },
  ],
  because: {
    refuted: {
      en: "The other end's kernel let the FIN wait for its acknowledgement, though nothing was lost and its window was open.",
      zh: "没有丢包、窗口也开着，对端内核却迟迟不确认 FIN。",
    },
    "holds-with-limits": {
      en: "The other end's kernel acknowledges a FIN by itself, at most 40 ms later (delayed ACK). But it must be there, and it must have room: FIN-WAIT-1 stays for as long as the host is gone, or as its window is shut, for then the FIN is not even sent.",
      zh: "对端内核会自行确认 FIN，最多延迟 40 ms（延迟确认）。但前提是对端还在、窗口还开着：主机消失，或窗口关闭使 FIN 根本发不出去时，FIN-WAIT-1 会一直停留。",
    },
  },
};

/** C06: FIN and ACK together lead straight to TIME-WAIT. */
const straight: Rule = {
  id: "C06",
  under: [
    {
      where: AT_ONCE,
      in: ["teardown/at-once"],
      asks: [
        figureOf(
          {
            en: "{} of 5 connections went from FIN-WAIT-1 straight to TIME-WAIT",
            zh: "5 条连接中 {} 条从 FIN-WAIT-1 直接进入 TIME-WAIT",
          },
          {
            needs: ["packet", "sockets"],
            of: (recording) => wentStraight(recording, "client", ["FIN-WAIT-1", "TIME-WAIT"]),
          },
          atLeast(3),
        ),
      ],
    },
  ],
  beyond: [
    {
      where: {
        en: "when the segment has FIN and ACK, and acknowledges only what came before one's own FIN",
        zh: "报文同时带 FIN 和 ACK 标志，但确认号未覆盖己方 FIN 时",
      },
      in: ["simultaneous-close/both"],
      asks: [
        wordsOf(
          { en: "after FIN-WAIT-1 came {}", zh: "FIN-WAIT-1 之后是 {}" },
          { needs: ["packet", "sockets"], of: (recording) => afterFinWait1(recording) },
          "TIME-WAIT",
        ),
      ],
    },
  ],
  because: {
    refuted: {
      en: "A FIN that acknowledged the own FIN led elsewhere, or no such segment came.",
      zh: "确认了己方 FIN 的 FIN 没有直接带来 TIME-WAIT，或根本没有这样的报文段。",
    },
    "holds-with-limits": {
      en: "What counts is not the ACK flag, which every FIN on a connection has, but whether the number acknowledges one's own FIN. If it does: TIME-WAIT. If not: CLOSING.",
      zh: "关键不在 ACK 标志（连接中的每个 FIN 都带 ACK），而在确认号是否覆盖己方的 FIN：覆盖则进入 TIME-WAIT，否则进入 CLOSING。",
    },
  },
};

function afterFinWait1(recording: Recording): string | null {
  const states = statesOf(recording, "client").map(({ state }) => state);
  const nth = states.indexOf("FIN-WAIT-1");
  return nth < 0 ? null : (states[nth + 1] ?? null);
}

const closingEnds = (bound: Parameters<typeof figureOf>[2]): Question =>
  figureOf(
    { en: "{} of the two ends passed CLOSING", zh: "两端中有 {} 端经过 CLOSING" },
    {
      needs: ["packet", "sockets"],
      of: (recording) => {
        const ends = ["client", "server"].map((host) => statesOf(recording, host));
        if (ends.some((states) => states.length === 0)) return null;
        return ends.filter((states) => states.some(({ state }) => state === "CLOSING")).length;
      },
    },
    bound,
  );

/** C07: both close at once, both are CLOSING. */
const simultaneous: Rule = {
  id: "C07",
  under: [{ where: BOTH, in: ["simultaneous-close/both"], asks: [closingEnds(exactly(2))] }],
  beyond: [
    {
      where: { en: "when one of the two FINs is lost", zh: "两个 FIN 之一丢失时" },
      in: ["closing-otherwise/fin-lost"],
      asks: [closingEnds(exactly(2))],
    },
    {
      where: {
        en: "when the first to close cannot send its FIN, because the window is shut",
        zh: "先关闭的一端因零窗口发不出 FIN 时",
      },
      in: ["closing-otherwise/window-shut"],
      asks: [
        figureOf(
          {
            en: "CLOSING came although the other end closed {} ms later",
            zh: "对端晚 {} ms 才关闭，仍进入 CLOSING",
          },
          {
            needs: ["packet", "report", "sockets"],
            of: (recording) => {
              const closed = calls(recording, { program: "client", call: "close" })[0];
              const fin = firstFin(recording, "server");
              const isClosing = statesOf(recording, "client").some(({ state }) => state === "CLOSING");
              if (closed === undefined || fin === undefined || !isClosing) return null;
              return (fin.atUs - closed.atUs) / 1000;
            },
          },
          atMost(200),
        ),
      ],
    },
  ],
  because: {
    "holds-with-limits": {
      en: "When the two FINs pass each other, both ends go through CLOSING. If one of them is lost, its receiver has the ACK first and goes through FIN-WAIT-2. And CLOSING needs no crossing: a FIN that still waits behind data for the window is unacknowledged, too, whenever the other one comes.",
      zh: "两个 FIN 在途中交错时，两端都经过 CLOSING。若其中一个丢失，另一端会先收到 ACK，经过的是 FIN-WAIT-2。而且不交错也会出现 CLOSING：FIN 排在数据后面等窗口打开时同样未被确认，此时对方的 FIN 一到就进入 CLOSING。",
    },
  },
};

export const activeClose: Rule[] = [finWait1, straight, simultaneous];
