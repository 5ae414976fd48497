import { calls } from "../../../measure/calls.ts";
import { segments } from "../../../measure/segments.ts";
import type { Recording } from "../../../model/recording.ts";
import { atLeast, atMost, exactly } from "../../../verdict/bound.ts";
import { figureOf, wordsOf } from "../../former.ts";
import type { Condition, Rule, Text } from "../../former.ts";
import { firstFin, passedBy, returnedAtUs, statesOf } from "./evidence.ts";

const LONG_WAY: Text = { en: "on a way of 200 ms", zh: "单程 200 ms 的链路" };

/** When an end was first seen in ESTABLISHED. */
const establishedUs = (recording: Recording, host: string): number | null =>
  statesOf(recording, host).find(({ state }) => state === "ESTABLISHED")?.atUs ?? null;

/** How much later the server was seen in ESTABLISHED than the client. */
function laterMs(recording: Recording): number | null {
  const [client, server] = [establishedUs(recording, "client"), establishedUs(recording, "server")];
  return client === null || server === null ? null : (server - client) / 1000;
}

/** From the leaving of the third segment to the server's ESTABLISHED. */
function afterThirdMs(recording: Recording): number | null {
  const [third] = segments(recording, { from: "client", flags: ["ACK"], without: ["SYN"] });
  const server = establishedUs(recording, "server");
  return third === undefined || server === null ? null : (server - third.atUs) / 1000;
}

const sameMoment = (where: Text, trial: string): Condition => ({
  where,
  in: [trial],
  asks: [
    figureOf(
      {
        en: "the server was ESTABLISHED {} ms after the third segment had been sent",
        zh: "第三个报文段发出 {} ms 后服务端才进入 ESTABLISHED",
      },
      { needs: ["packet", "sockets"], of: afterThirdMs },
      // Two looks' worth: nobody could tell less apart.
      atMost(50),
    ),
  ],
});

const later = (where: Text, trial: string): Condition => ({
  where,
  in: [trial],
  asks: [
    figureOf(
      {
        en: "the server was ESTABLISHED {} ms after the client",
        zh: "服务端比客户端晚 {} ms 进入 ESTABLISHED",
      },
      { needs: ["packet", "sockets"], of: laterMs },
      atLeast(50),
    ),
  ],
});

const THIRD_LOST: Text = { en: "when the third segment is lost", zh: "第三个报文段丢失时" };

/** C11a and C11b contradict each other, and are judged from the same trials. */
const together: Rule = {
  id: "C11a",
  under: [
    sameMoment(LONG_WAY, "handshake/accepted"),
    sameMoment(THIRD_LOST, "syn-ack-lost/third-segment-lost"),
  ],
  beyond: [],
  because: {
    refuted: {
      en: "Sending the third segment establishes nobody: the client was ESTABLISHED before it, with the SYN-ACK, and the server is with the arrival of that segment, one way later; if it is lost, with the first data.",
      zh: "第三个报文段的“发送”不会让任何一端进入 ESTABLISHED：客户端在收到 SYN-ACK 时就已进入，服务端要等它到达，即晚一个单程；若它丢失，则等到第一个数据到达。",
    },
    holds: {
      en: "No difference between the two ends could be seen.",
      zh: "看不出两端进入 ESTABLISHED 的时间差。",
    },
  },
};

const serverLater: Rule = {
  id: "C11b",
  under: [
    later(LONG_WAY, "handshake/accepted"),
    later(THIRD_LOST, "syn-ack-lost/third-segment-lost"),
    later({ en: "with TCP_DEFER_ACCEPT", zh: "设置 TCP_DEFER_ACCEPT 时" }, "handshake-otherwise/deferred"),
  ],
  beyond: [
    {
      where: { en: "with Fast Open, data in the SYN", zh: "使用 Fast Open，SYN 携带数据时" },
      in: ["fast-open/with-cookie"],
      asks: [
        figureOf(
          {
            en: "accept() returned {} ms after the client had its SYN-ACK",
            zh: "accept() 在客户端收到 SYN-ACK {} ms 之后返回",
          },
          {
            needs: ["packet", "report"],
            of: (recording) => {
              const [synAck] = segments(recording, { connection: 2, flags: ["SYN", "ACK"] });
              const accepted = calls(recording, { program: "server", call: "accept" })[1];
              return !synAck?.sentUs || accepted === undefined
                ? null
                : (accepted.atUs - synAck.sentUs) / 1000;
            },
          },
          atLeast(0),
        ),
      ],
    },
  ],
  because: {
    "holds-with-limits": {
      en: "The SYN-ACK tells the client that both SYNs have arrived, and only the third segment tells the server: it is later by one way, and by more when that segment is lost or held to be too little. With Fast Open it is the other way round: the server's program accepts and reads half a round trip before the client knows.",
      zh: "客户端凭 SYN-ACK 就知道双方的 SYN 都已到达，服务端要等第三个报文段：晚一个单程，若该报文段丢失或被忽略则更晚。使用 Fast Open 时正好相反：服务端程序比客户端早半个往返就完成 accept 并读到数据。",
    },
  },
};

/** Of what a segment acknowledges, what lies beyond the other's number and payload: the SYN, or the FIN. */
const takes = (what: "SYN" | "FIN", of: (recording: Recording) => number | null) =>
  figureOf(
    { en: `the ${what} took {} number besides its payload`, zh: `${what} 除载荷外占用 {} 个序号` },
    { needs: ["packet"], of },
    exactly(1),
  );

function synTakes(recording: Recording, connection: number): number | null {
  const [syn] = segments(recording, { connection, from: "client", flags: ["SYN"] });
  const [answer] = segments(recording, { connection, from: "server", flags: ["SYN", "ACK"] });
  if (syn === undefined || answer === undefined || answer.acknowledgement === null) return null;
  return answer.acknowledgement - syn.sequence - syn.payloadBytes;
}

function finTakes(recording: Recording): number | null {
  const fin = firstFin(recording, "client");
  if (fin === undefined) return null;
  const answers = segments(recording, { connection: fin.connection, from: "server", flags: ["ACK"] });
  const last = answers.findLast(({ atUs }) => atUs > fin.atUs);
  return last === undefined ? null : (last.acknowledgement ?? 0) - fin.sequence - fin.payloadBytes;
}

const numbers: Rule = {
  id: "C10",
  under: [
    {
      where: { en: "a handshake", zh: "三次握手" },
      in: ["handshake/accepted"],
      asks: [takes("SYN", (recording) => synTakes(recording, 1))],
    },
    {
      where: { en: "an ordinary close", zh: "正常关闭" },
      in: ["closing-otherwise/http"],
      asks: [takes("FIN", finTakes)],
    },
  ],
  beyond: [
    {
      where: { en: "a SYN with 97 bytes (Fast Open)", zh: "携带 97 字节的 SYN（Fast Open）" },
      in: ["fast-open/with-cookie"],
      asks: [takes("SYN", (recording) => synTakes(recording, 2))],
    },
    {
      where: { en: "a FIN in the segment of the last data", zh: "FIN 与最后的数据在同一报文段中" },
      in: ["closing-otherwise/window-shut"],
      asks: [takes("FIN", finTakes)],
    },
  ],
  because: {
    holds: {
      en: "A SYN and a FIN count as one number each, so that they can be acknowledged and repeated like a byte. ACK=j+1 is for a SYN without data: with Fast Open's 97 bytes it is j+98.",
      zh: "SYN 和 FIN 各占一个序号，因此能像一个字节那样被确认和重传。ACK=j+1 针对不带数据的 SYN：Fast Open 携带 97 字节时是 j+98。",
    },
  },
};

/** What a client comes to whose first SYN-ACK was lost, when the server waits for no third segment. */
const outcome = (wanted: RegExp) =>
  wordsOf(
    { en: "the client passed {}", zh: "客户端依次经过 {}" },
    { needs: ["packet", "sockets"], of: (recording) => passedBy(recording, "client") },
    wanted,
  );

/** Of the server's data, the segments that reached the client; and what the client sent in answer. */
const unheard = figureOf(
  {
    en: "the server's data came to the client and drew {} answers",
    zh: "服务端的数据到达客户端，得到 {} 个应答",
  },
  {
    needs: ["packet"],
    of: (recording) => {
      const heard = segments(recording, { from: "server", payload: "some", fate: "passed" });
      return heard.length < 2 ? null : segments(recording, { from: "client", without: ["SYN"] }).length;
    },
  },
  exactly(0),
);

const standstill: Rule = {
  id: "C13",
  under: [
    {
      where: {
        en: "a scripted server that counts itself connected with its SYN-ACK, and hears no repeated SYN",
        zh: "脚本模拟的服务端：发出 SYN-ACK 就认为连接已建立，不理会重复的 SYN",
      },
      in: ["handshake-otherwise/two-way-deaf"],
      asks: [unheard, outcome(/^SYN-SENT, CLOSED$/)],
    },
  ],
  beyond: [
    {
      where: {
        en: "the same server, when it answers the repeated SYN",
        zh: "同样的服务端，但会应答重复的 SYN",
      },
      in: ["handshake-otherwise/two-way-again"],
      asks: [
        figureOf(
          {
            en: "connect() returned 0 after {} ms: neither end stood still for long",
            zh: "{} ms 后 connect() 返回 0：并没有僵住",
          },
          {
            needs: ["report"],
            of: (recording) => {
              const overUs = returnedAtUs(recording, "client", "connect");
              const begun = calls(recording, { program: "client", call: "connect" })[0];
              return overUs === null || begun === undefined ? null : (overUs - begun.atUs) / 1000;
            },
          },
          // The client gives up after 3 s: what is over before was no deadlock.
          atLeast(2900),
        ),
      ],
    },
  ],
  because: {
    refuted: {
      en: "The standstill was broken: the data without a SYN was answered, or the repeated SYN was.",
      zh: "僵局被打破：不带 SYN 的数据得到了回应，或重复的 SYN 得到了应答。",
    },
    "holds-with-limits": {
      en: "In SYN-SENT, Linux drops whatever has no SYN, so a two-way server that only repeats data is never heard, and both stand still until the client's SYN retries are used up. It takes a server that ignores the repeated SYN: one that answers it loses a second. What two segments really cannot do is to tell an old SYN from a new one (RFC 9293 section 3.5).",
      zh: "在 SYN-SENT 中，Linux 丢弃一切不带 SYN 的报文，所以只会重发数据的“两次握手”服务端得不到回应，双方僵持，直到客户端的 SYN 重试用尽。前提是服务端不理会重复的 SYN：只要应答它，就只损失一秒。两次握手真正做不到的是区分旧的重复 SYN 和新的 SYN（RFC 9293 3.5 节）。",
    },
  },
};

export const established: Rule[] = [together, serverLater, numbers, standstill];
