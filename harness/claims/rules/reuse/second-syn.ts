import { exactly } from "../../../verdict/bound.ts";
import { figureOf, wordsOf } from "../../former.ts";
import type { Question, Rule } from "../../former.ts";
import { count, PACKET, REPORT, result, saidToSyn } from "./seen.ts";

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

/** Of a connection between two ports whose last one is in TIME-WAIT. */
export const secondSyn: Rule[] = [
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
        zh: "TIME-WAIT 会让位给序列号更大的 SYN。但双方都用时间戳时，时间戳更旧的 SYN 不论序列号多大都被拒绝：同一 NAT 地址后面时钟不一致的多台客户端就会碰到。",
      },
      holds: {
        en: "A SYN above all numbers of the old connection was taken, whatever its timestamp.",
        zh: "序列号更大的 SYN 一律被接受，与时间戳无关。",
      },
      refuted: {
        en: "The TIME-WAIT did not give way to a SYN above all its numbers.",
        zh: "TIME-WAIT 没有让位给序列号更大的 SYN。",
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
        zh: "Linux 并非毫无反应：它用旧连接的 ACK 回应。客户端在 SYN-SENT 收到后发 RST，TIME-WAIT 随之结束，下一个 SYN 就被接受；若时间戳更新，第一个 SYN 就被接受。文档观察的是 Windows Server 2003。",
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
        where: { en: "TIME-WAIT at the connecting end, defaults", zh: "TIME-WAIT 在主动连接方，默认设置" },
        in: ["fixed-client-port/defaults"],
        asks: [reconnectIs("EADDRNOTAVAIL")],
      },
      {
        where: {
          en: "TIME-WAIT at the listening end, a higher SYN",
          zh: "TIME-WAIT 在监听方，SYN 序列号更大",
        },
        in: ["syn-on-time-wait/higher"],
        asks: [saidIs("ACK")],
      },
    ],
    beyond: [
      {
        where: {
          en: "TIME-WAIT at the connecting end, no timestamps",
          zh: "TIME-WAIT 在主动连接方，无时间戳",
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
        zh: "旧连接处于 TIME-WAIT 时，两端都不会建立新连接。",
      },
    },
  },
];
