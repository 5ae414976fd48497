import { calls } from "../../../measure/calls.ts";
import { segments } from "../../../measure/segments.ts";
import type { Recording } from "../../../model/recording.ts";
import { type Bound, atLeast, atMost, between, exactly } from "../../../verdict/bound.ts";
import { figureOf } from "../../former.ts";
import type { Question, Rule } from "../../former.ts";
import { bytesWhile, closeWait, most, secondsSeen, sent, sentWhile } from "./measures.ts";

const WAITING = closeWait(8080);

const finsWhile: Question = figureOf(
  { en: "FINs of the server's while in CLOSE-WAIT: {}", zh: "处于 CLOSE-WAIT 期间服务器发出的 FIN：{} 个" },
  { needs: ["packet", "sockets"], of: (recording) => sentWhile(recording, "FIN", WAITING) },
  exactly(0),
);

const fins = (bound: Bound): Question =>
  figureOf(
    { en: "FINs of the server's: {}", zh: "服务器发出的 FIN：{} 个" },
    { needs: ["packet"], of: (recording) => sent(recording, "FIN") },
    bound,
  );

const lastAck: Question = figureOf(
  { en: "seen in LAST-ACK: {}", zh: "观测到的 LAST-ACK：{} 个" },
  { needs: ["sockets"], of: (recording) => most(recording, { ...WAITING, state: "LAST-ACK" }) },
  exactly(1),
);

/** Milliseconds by which the server's first FIN came to the wire after its close(): less than 0 when it came before. */
function finAfterClose(recording: Recording): number | null {
  const [close] = calls(recording, { program: "server", call: "close" });
  const [fin] = segments(recording, { from: "server", flags: ["FIN"] });
  return close === undefined || fin === undefined ? null : (fin.atUs - close.atUs) / 1000;
}

const finAfter = (bound: Bound): Question =>
  figureOf(
    { en: "from close() to the FIN on the wire: {} ms", zh: "从 close() 到 FIN 出现在线路上：{} 毫秒" },
    { needs: ["packet", "report"], of: finAfterClose },
    bound,
  );

/** As soon as close() is called: looks and reports are a little apart. */
const AT_ONCE = between(-20, 200);

const lasted = (bound: Bound): Question =>
  figureOf(
    { en: "CLOSE-WAIT lasted {} s with the option set", zh: "设置该选项后 CLOSE-WAIT 仍持续了 {} 秒" },
    { needs: ["sockets"], of: (recording) => secondsSeen(recording, WAITING) },
    bound,
  );

/** What leads out of CLOSE-WAIT, and what the other end is sent. */
export const rules: Rule[] = [
  {
    id: "C41",
    under: [
      {
        where: { en: "while the server still answers", zh: "服务器仍在应答期间" },
        in: ["passive-close/answer-then-close"],
        asks: [
          finsWhile,
          figureOf(
            { en: "bytes that it sent in CLOSE-WAIT: {}", zh: "在 CLOSE-WAIT 期间发出的数据：{} 字节" },
            { needs: ["packet", "sockets"], of: (recording) => bytesWhile(recording, WAITING) },
            atLeast(1),
          ),
          lastAck,
          fins(exactly(1)),
        ],
      },
    ],
    beyond: [
      {
        where: { en: "while the answer finds a closed window", zh: "对端窗口关闭、应答发不出去时" },
        in: ["passive-close/nobody-reads"],
        asks: [finsWhile],
      },
      {
        where: {
          en: "when close() was called and another process holds on",
          zh: "已调用 close()，但另一进程仍持有",
        },
        in: ["shared-descriptor/close"],
        asks: [finsWhile, fins(exactly(0))],
      },
    ],
    because: {
      holds: {
        en: "the state changes in the moment in which the FIN is queued, so a CLOSE-WAIT has never sent one. The reverse is not true: LAST-ACK says that the program has closed, and its FIN may still wait behind data that the peer does not take",
        zh: "FIN 进入发送队列的同时状态就改变，所以 CLOSE-WAIT 一定还没发过 FIN。反过来不成立：LAST-ACK 只说明程序已关闭，FIN 可能还排在对端不肯接收的数据后面",
      },
      refuted: { en: "a FIN was sent by a socket in CLOSE-WAIT", zh: "处于 CLOSE-WAIT 的套接字发出了 FIN" },
    },
  },
  {
    id: "C230",
    under: [
      {
        where: { en: "when everything was read and sent", zh: "数据都已读完、发完" },
        in: ["passive-close/answer-then-close"],
        asks: [finAfter(AT_ONCE), lastAck],
      },
    ],
    beyond: [
      {
        where: { en: "when the program calls shutdown(SHUT_WR) first", zh: "程序先调用 shutdown(SHUT_WR)" },
        in: ["passive-close/shut-down"],
        asks: [finAfter(AT_ONCE)],
      },
      {
        where: { en: "when the peer does not take the answer", zh: "对端不接收应答" },
        in: ["passive-close/nobody-reads"],
        asks: [finAfter(AT_ONCE)],
      },
      {
        where: { en: "when input was not read", zh: "还有未读的数据" },
        in: ["passive-close/unread"],
        asks: [lastAck, fins(exactly(1))],
      },
      {
        where: { en: "with SO_LINGER {1, 0}", zh: "设置了 SO_LINGER {1, 0}" },
        in: ["passive-close/linger-zero"],
        asks: [lastAck, fins(exactly(1))],
      },
      {
        where: { en: "when another process holds on", zh: "另一个进程仍持有" },
        in: ["shared-descriptor/close"],
        asks: [lastAck, fins(exactly(1))],
      },
    ],
    because: {
      "holds-with-limits": {
        en: "it is so when all was read and taken and nobody else holds the connection. shutdown() does it without close(); behind data that the peer does not take the FIN waits, in LAST-ACK; unread input and SO_LINGER {1, 0} make it a RST, and then there is no LAST-ACK; and where another process holds on, close() sends nothing",
        zh: "数据都读完、对端都收下、没有别的进程持有时确实如此。但 shutdown() 不用 close() 也能做到；对端不收数据时，FIN 在 LAST-ACK 里排队等待；有未读数据或 SO_LINGER {1, 0} 时发的是 RST，没有 LAST-ACK；别的进程还持有时 close() 什么都不发",
      },
      refuted: {
        en: "close() in CLOSE-WAIT did not send a FIN",
        zh: "在 CLOSE-WAIT 下 close() 没有发出 FIN",
      },
    },
  },
  {
    id: "C231",
    under: [
      {
        where: {
          en: "with SO_LINGER {1, 0}, before the program closes",
          zh: "设置 SO_LINGER {1, 0}，程序尚未关闭",
        },
        in: ["passive-close/linger-zero"],
        asks: [lasted(atMost(1))],
      },
    ],
    beyond: [
      {
        where: {
          en: "with a second holder of the connection, after close()",
          zh: "close() 之后仍有第二个持有者",
        },
        in: ["shared-descriptor/linger-zero"],
        asks: [lasted(atMost(1))],
      },
    ],
    because: {
      refuted: {
        en: "the option only says what close() shall do, and CLOSE-WAIT is the want of a close(): it stays as long as without it. When close() comes it is a RST, and throws away what was not sent",
        zh: "这个选项只规定 close() 怎么做，而 CLOSE-WAIT 缺的正是 close()：设置了它照样停在那里。等到 close() 时发的是 RST，未发出的数据也丢了",
      },
      holds: { en: "CLOSE-WAIT ended by itself with the option set", zh: "设置该选项后 CLOSE-WAIT 自行结束" },
    },
  },
];
