import { calls } from "../../../measure/calls.ts";
import { segments } from "../../../measure/segments.ts";
import type { Recording } from "../../../model/recording.ts";
import type { PacketSample } from "../../../model/sample.ts";
import { atLeast, exactly } from "../../../verdict/bound.ts";
import { figureOf } from "../../former.ts";
import type { Question, Rule, Text } from "../../former.ts";
import { carried, synOf } from "./syn.ts";

const ANOTHER_KEY: Text = {
  en: "when another machine behind the same address answers, with another key",
  zh: "同一地址后面换成密钥不同的另一台机器应答时",
};
const SYN_DROPPED: Text = {
  en: "when a box on the way drops SYNs with data",
  zh: "途中的设备丢弃携带数据的 SYN 时",
};

const synAckOf = (recording: Recording, connection: number): PacketSample | undefined =>
  segments(recording, { connection, from: "server", flags: ["SYN", "ACK"] })[0];

/** From the n-th connection's first call to its answer, in milliseconds. */
function answeredMs(recording: Recording, nth: number): number | null {
  const made = calls(recording, { program: "client" });
  const begun = made.filter(
    ({ call, result }) => call === "sendto" || (call === "connect" && result === null),
  )[nth];
  const over = made.filter(({ call }) => call === "recv")[nth];
  return begun === undefined || over === undefined ? null : (over.atUs - begun.atUs) / 1000;
}

/** How much sooner the second connection was answered than the first, in round trips as the first one's SYN-ACK took. */
function savedRoundTrips(recording: Recording): number | null {
  const [first, second] = [answeredMs(recording, 0), answeredMs(recording, 1)];
  const [syn, synAck] = [synOf(recording, 1), synAckOf(recording, 1)];
  if (first === null || second === null || syn === undefined || !synAck?.sentUs) return null;
  return (first - second) / ((synAck.sentUs - syn.atUs) / 1000);
}

const saves = figureOf(
  {
    en: "the second connection's answer came {} round trips sooner",
    zh: "第二条连接的应答提前了 {} 个往返",
  },
  { needs: ["packet", "report"], of: savedRoundTrips },
  atLeast(0.7),
);

const acknowledged = (connection: number, bytes: number): Question =>
  figureOf(
    {
      en: "the SYN-ACK acknowledged {} bytes of the data",
      zh: "SYN-ACK 确认了 {} 字节数据",
    },
    {
      needs: ["packet"],
      of: (recording) => {
        const synAck = synAckOf(recording, connection);
        return synAck?.acknowledgement === undefined || synAck.acknowledgement === null
          ? null
          : synAck.acknowledgement - 1;
      },
    },
    exactly(bytes),
  );

const oneRoundTrip: Rule = {
  id: "C91",
  under: [
    {
      where: {
        en: "two connections to a server that supports it",
        zh: "向支持 TFO 的服务端先后建立两条连接",
      },
      in: ["fast-open/with-cookie"],
      asks: [
        carried(1, "tfo cookiereq, length 0"),
        carried(2, "tfo cookie, length 97"),
        acknowledged(2, 97),
        saves,
      ],
    },
  ],
  beyond: [
    { where: ANOTHER_KEY, in: ["fast-open/another-key"], asks: [saves] },
    { where: SYN_DROPPED, in: ["fast-open-switches/syn-dropped"], asks: [saves] },
  ],
  because: {
    "holds-with-limits": {
      en: "The cookie that one connection brought lets the next one's data go with the SYN: one round trip less. A cookie is an address under one server's key: where machines behind one address have keys of their own nothing is saved, and where a box on the way drops such SYNs, a second is lost.",
      zh: "前一条连接得到的 Cookie 让后一条连接的数据随 SYN 发出，省一个往返。但 Cookie 是用某台服务器的密钥对地址加密的结果：同一地址后的机器密钥不同时，什么也省不了；途中设备丢弃这种 SYN 时，反而多花一秒。",
    },
  },
};

const wrongCookie: Rule = {
  id: "C92",
  under: [
    {
      where: ANOTHER_KEY,
      in: ["fast-open/another-key"],
      asks: [
        acknowledged(2, 0),
        figureOf(
          { en: "the client sent the data {} times", zh: "客户端共发送数据 {} 次" },
          {
            needs: ["packet"],
            of: (recording) => segments(recording, { connection: 2, from: "client", payload: "some" }).length,
          },
          exactly(2),
        ),
      ],
    },
    {
      where: { en: "a forged cookie", zh: "伪造的 Cookie" },
      in: ["fast-open-switches/forged"],
      asks: [acknowledged(1, 0)],
    },
  ],
  beyond: [
    {
      where: {
        en: "a forged cookie, and tcp_fastopen 0x203 at the server",
        zh: "伪造的 Cookie，且服务端 tcp_fastopen 为 0x203",
      },
      in: ["fast-open-switches/unchecked"],
      asks: [acknowledged(1, 0)],
    },
  ],
  because: {
    holds: {
      en: "The data of a SYN with a wrong cookie was dropped, whatever net.ipv4.tcp_fastopen said.",
      zh: "无论 net.ipv4.tcp_fastopen 取何值，Cookie 错误的 SYN 中的数据都被丢弃。",
    },
    refuted: {
      en: "The data of the SYN was taken although the cookie was not that of the server.",
      zh: "Cookie 并非该服务器所发，SYN 中的数据却被接受了。",
    },
    "holds-with-limits": {
      en: "Linux drops the data, acknowledges the SYN alone, and the client sends the data again. With the flag 0x200 in net.ipv4.tcp_fastopen it does not look at the cookie, and takes the data of any SYN.",
      zh: "Linux 丢弃数据，只确认 SYN，客户端随后重发数据。若 net.ipv4.tcp_fastopen 含 0x200 标志，则不检查 Cookie，任何 SYN 的数据都收。",
    },
  },
};

/** C201, added: the server may send before the handshake is over. */
const early: Rule = {
  id: "C201",
  under: [
    {
      where: { en: "when the cookie is right", zh: "Cookie 有效时" },
      in: ["fast-open/with-cookie"],
      asks: [
        figureOf(
          {
            en: "the answer left {} ms before the third segment arrived",
            zh: "应答在第三个报文段到达前 {} ms 就已发出",
          },
          {
            needs: ["packet"],
            of: (recording) => {
              const [answer] = segments(recording, { connection: 2, from: "server", payload: "some" });
              const [third] = segments(recording, { connection: 2, from: "client", without: ["SYN"] });
              return answer === undefined || !third?.sentUs ? null : (third.sentUs - answer.atUs) / 1000;
            },
          },
          atLeast(1),
        ),
      ],
    },
  ],
  beyond: [
    {
      where: {
        en: "when no cookie was checked (tcp_fastopen 0x203), and the third segment is 400 ms late",
        zh: "不检查 Cookie（tcp_fastopen 0x203），且第三个报文段晚到 400 ms",
      },
      in: ["fast-open-switches/unchecked"],
      asks: [
        figureOf(
          {
            en: "the answer left {} ms before the client's next segment",
            zh: "应答比客户端的下一个报文段早 {} ms 发出",
          },
          {
            needs: ["packet"],
            of: (recording) => {
              const [answer] = segments(recording, { from: "server", payload: "some" });
              const [third] = segments(recording, { from: "client", without: ["SYN"] });
              return answer === undefined || third === undefined ? null : (third.atUs - answer.atUs) / 1000;
            },
          },
          atLeast(1),
        ),
      ],
    },
  ],
  because: {
    holds: {
      en: "The server's program has a whole socket as soon as the SYN is there: it accepts, reads, answers and may even close in SYN-RECEIVED, before the client has said a second word.",
      zh: "SYN 一到，服务端程序就得到一个完整的套接字：客户端还没说第二句话，它就可以在 SYN-RECEIVED 中 accept、读取、应答，甚至关闭。",
    },
  },
};

export const cookies: Rule[] = [oneRoundTrip, wrongCookie, early];
