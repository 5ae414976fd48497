import { type Bound, atLeast, exactly } from "../../../verdict/bound.ts";
import type { TcpState } from "../../../model/state.ts";
import { figureOf, question, wordsOf } from "../../former.ts";
import type { Question, Rule } from "../../former.ts";
import { bytesWhile, closeWait, left, most, returned, secondsSeen } from "./measures.ts";

const AN_ERRNO = /^E[A-Z]+$/;

/** What the server's n-th such call came to. Its first recv() takes the line, its second meets the FIN. */
const came = (call: string, nth: number, wanted: string | RegExp): Question =>
  wordsOf(
    { en: `${call}() returned {}`, zh: `${call}() 返回 {}` },
    { needs: ["report"], of: (recording) => returned(recording, call, nth) },
    wanted,
  );

const inState = (state: TcpState, en: string, zh: string, bound: Bound): Question =>
  figureOf(
    { en, zh },
    { needs: ["sockets"], of: (recording) => left(recording, { host: "server", state, side: "listener" }) },
    bound,
  );

/** A peer that shut its direction down, or closed, and the end that does not react: how long each stayed as it was. */
const bothWait = (port: number): Question =>
  question(["sockets"], (recording) => {
    if (recording === undefined) return { holds: null, observed: { en: "", zh: "" } };
    const peer = secondsSeen(recording, { host: "client", state: "FIN-WAIT-2", port });
    const own = secondsSeen(recording, closeWait(port));
    const [a, b] = [peer.toFixed(1), own.toFixed(1)];
    return {
      holds: peer > 0 && own > 0 && peer > own - 2,
      observed: {
        en: `FIN-WAIT-2 at the peer for ${a} s, CLOSE-WAIT here for ${b} s`,
        zh: `对端 FIN-WAIT-2 ${a} 秒，本端 CLOSE-WAIT ${b} 秒`,
      },
    };
  });

/** What a FIN tells, and what a broken network does not. */
export const rules: Rule[] = [
  {
    id: "C42",
    under: [
      {
        where: {
          en: "when clients' hosts crash, start again or are cut off",
          zh: "客户端主机掉电、重启或不可达",
        },
        in: ["half-open-idle/buggy"],
        asks: [
          figureOf(
            { en: "the most in CLOSE-WAIT: {}", zh: "CLOSE-WAIT 最多时：{} 个" },
            { needs: ["sockets"], of: (recording) => most(recording, closeWait(8080)) },
            atLeast(1),
          ),
          inState(
            "ESTABLISHED",
            "still ESTABLISHED at the end: {}",
            "结束时仍为 ESTABLISHED：{} 个",
            exactly(0),
          ),
        ],
      },
    ],
    beyond: [
      {
        where: {
          en: "when the server was writing to a client whose host is gone",
          zh: "服务器正在向已消失的主机写数据",
        },
        in: ["half-open-writer/buggy"],
        asks: [
          figureOf(
            { en: "the most in CLOSE-WAIT: {}", zh: "CLOSE-WAIT 最多时：{} 个" },
            {
              needs: ["sockets"],
              of: (recording) => most(recording, { host: "server", state: "CLOSE-WAIT" }),
            },
            atLeast(1),
          ),
        ],
      },
    ],
    because: {
      refuted: {
        en: "CLOSE-WAIT begins with a FIN, and a network that breaks sends none: an end that does not notice stays ESTABLISHED. What makes CLOSE-WAIT is a break that was noticed, by the kernel, as an orderly end, and a program that does not answer it",
        zh: "CLOSE-WAIT 由收到 FIN 引起，而网络中断不会送来 FIN：没有察觉的一端停在 ESTABLISHED。造成 CLOSE-WAIT 的是对端正常的关闭：内核已经知道，程序却不处理",
      },
      holds: {
        en: "an end that lost its peer without a FIN was in CLOSE-WAIT",
        zh: "没有收到 FIN 而失去对端的一端进入了 CLOSE-WAIT",
      },
    },
  },
  {
    id: "C43",
    under: [
      {
        where: { en: "when the peer shut its direction down", zh: "对端半关闭" },
        in: ["passive-close/answer-then-close"],
        asks: [came("recv", 2, AN_ERRNO), came("send", 1, AN_ERRNO)],
      },
      {
        where: { en: "when the peer closed", zh: "对端已 close()" },
        in: ["passive-close/peer-closed"],
        asks: [came("recv", 2, AN_ERRNO), came("send", 1, AN_ERRNO)],
      },
    ],
    beyond: [
      {
        where: { en: "in the second send() to a peer that closed", zh: "向已 close() 的对端第二次 send()" },
        in: ["passive-close/peer-closed"],
        asks: [came("send", 2, AN_ERRNO)],
      },
    ],
    because: {
      refuted: {
        en: "a FIN is an orderly end and no error: recv() returns 0 and the next send() is taken. An error comes only with a RST, here as EPIPE on the second send(), after the peer's kernel has refused the first",
        zh: "FIN 是正常结束，不是错误：recv() 返回 0，随后的 send() 照样成功。只有收到 RST 之后才报错：这里是对端内核拒收第一次的数据之后，第二次 send() 得到 EPIPE",
      },
      holds: { en: "the calls after the FIN failed", zh: "收到 FIN 之后的调用都失败了" },
    },
  },
  {
    id: "C44",
    under: [
      {
        where: { en: "when the peer shut its direction down and is there", zh: "对端半关闭且仍在" },
        in: ["close-wait-ends/defaults"],
        asks: [bothWait(8080)],
      },
    ],
    beyond: [
      {
        where: {
          en: "when the peer called close(), with the kernel's defaults",
          zh: "对端调用 close()，内核默认参数",
        },
        in: ["close-wait-ends/defaults"],
        asks: [bothWait(8081)],
      },
    ],
    because: {
      "holds-with-limits": {
        en: "both wait for the same FIN. A peer that still has its descriptor waits as long; but one that called close() is an orphan, which its kernel forgets after tcp_fin_timeout (60 s), and then CLOSE-WAIT is alone",
        zh: "两端等的是同一个 FIN。对端还持有描述符时会一直等；但调用了 close() 的对端是孤儿连接，tcp_fin_timeout（60 秒）后就被内核遗忘，只剩下本端的 CLOSE-WAIT",
      },
      holds: { en: "both ends waited for as long as each other", zh: "两端一直对等地等着" },
      refuted: { en: "one of the two states was not seen", zh: "两个状态中有一个没有出现" },
    },
  },
  {
    id: "C232",
    under: [
      {
        where: { en: "when the peer called close()", zh: "对端调用了 close()" },
        in: ["passive-close/peer-closed"],
        asks: [came("recv", 2, "0"), came("send", 2, "EPIPE")],
      },
    ],
    beyond: [
      {
        where: { en: "when the peer called shutdown(SHUT_WR)", zh: "对端调用 shutdown(SHUT_WR)" },
        in: ["passive-close/answer-then-close"],
        asks: [
          came("recv", 2, "0"),
          figureOf(
            { en: "bytes that the peer still took: {}", zh: "此后对端仍收下的数据：{} 字节" },
            { needs: ["packet", "sockets"], of: (recording) => bytesWhile(recording, closeWait(8080)) },
            exactly(0),
          ),
        ],
      },
    ],
    because: {
      "holds-with-limits": {
        en: "0 says that the peer sends no more, which is one half of a close: after shutdown(SHUT_WR) it is the same 0, and the peer reads on",
        zh: "返回 0 只说明对端不再发送，这只是关闭的一半：对端只做 shutdown(SHUT_WR) 时同样返回 0，而它还在继续接收",
      },
      refuted: {
        en: "recv() did not return 0 though the peer had closed",
        zh: "对端已关闭，recv() 却没有返回 0",
      },
    },
  },
];
