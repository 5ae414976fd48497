import { counterDelta } from "../../../measure/counters.ts";
import { hosts, sysctl } from "../../../measure/evidence.ts";
import type { HostName } from "../../../model/names.ts";
import type { Recording } from "../../../model/recording.ts";
import { wordsOf } from "../../former.ts";
import type { Question, Rule, Text } from "../../former.ts";
import { carried } from "./syn.ts";

/** What a client's host counts of data in its SYNs that was acknowledged, and a server's of data that it took. */
const ACTIVE = "TcpExtTCPFastOpenActive";
const PASSIVE = "TcpExtTCPFastOpenPassive";

/** The values of tcp_fastopen on the hosts whose counter has moved, of those that are asked. */
function takenWith(recording: Recording, counter: string, asked: (host: HostName) => boolean): string {
  const found = hosts(recording).filter(
    (host) => asked(host) && (counterDelta(recording, { host, counter }) ?? 0) > 0,
  );
  const values = found.map((host) => sysctl(recording, "net.ipv4.tcp_fastopen", host) ?? "?");
  return values.toSorted((a, b) => Number(a) - Number(b)).join(", ") || "–";
}

/** Hosts of `as-server` whose program sets TCP_FASTOPEN, and those whose program does not. */
const ASK = ["off", "calling", "server", "both"];
const everyone = (): boolean => true;
const isAsking = (host: HostName): boolean => ASK.includes(host);

const taken = (counter: string, asked: (host: HostName) => boolean, wanted: string): Question =>
  wordsOf(
    {
      en: "values with which data in a SYN was taken: {}",
      zh: "SYN 中的数据被接受的取值：{}",
    },
    { needs: ["counters"], of: (recording) => takenWith(recording, counter, asked) },
    wanted,
  );

const AS_CLIENT: Text = {
  en: "clients with 0, 1, 2 and 3, and a server with 3",
  zh: "客户端取 0、1、2、3，服务端取 3",
};
const AS_SERVER: Text = {
  en: "servers with 0, 1, 2 and 3 whose programs set TCP_FASTOPEN, and a client with 3",
  zh: "服务端取 0、1、2、3 且程序设置了 TCP_FASTOPEN，客户端取 3",
};

const values: Rule = {
  id: "C93",
  under: [
    {
      where: AS_CLIENT,
      in: ["fast-open-switches/as-client"],
      asks: [taken(ACTIVE, everyone, "1, 3")],
    },
    {
      where: AS_SERVER,
      in: ["fast-open-switches/as-server"],
      asks: [taken(PASSIVE, isAsking, "2, 3")],
    },
  ],
  beyond: [
    {
      where: {
        en: "a server with 3 whose program does not set TCP_FASTOPEN",
        zh: "服务端取 3，但程序没有设置 TCP_FASTOPEN",
      },
      in: ["fast-open-switches/as-server"],
      asks: [taken(PASSIVE, (host) => host === "silent", "3")],
    },
    {
      where: {
        en: "a client with 3 whose program calls connect() and send()",
        zh: "客户端取 3，但程序照常调用 connect() 和 send()",
      },
      in: ["fast-open/plain"],
      asks: [carried(2, "tfo cookie, length 97")],
    },
  ],
  because: {
    refuted: {
      en: "On this kernel the values switch on something else.",
      zh: "在这个内核上，这些取值打开的是别的东西。",
    },
    "holds-with-limits": {
      en: "The number is a sum of flags: 1 allows it to clients, 2 to servers. It is a permission and no more: the listener has to set TCP_FASTOPEN (unless 0x400 is in the sum), and the client has to send with MSG_FASTOPEN or set TCP_FASTOPEN_CONNECT.",
      zh: "这个数是标志之和：1 允许客户端使用，2 允许服务端使用。它只是许可：监听套接字还要设置 TCP_FASTOPEN（除非含 0x400），客户端还要用 MSG_FASTOPEN 发送或设置 TCP_FASTOPEN_CONNECT。",
    },
  },
};

/** C202, added: it takes both ends. */
const bothEnds: Rule = {
  id: "C202",
  under: [
    { where: AS_CLIENT, in: ["fast-open-switches/as-client"], asks: [taken(ACTIVE, everyone, "1, 3")] },
    { where: AS_SERVER, in: ["fast-open-switches/as-server"], asks: [taken(PASSIVE, isAsking, "2, 3")] },
  ],
  beyond: [
    {
      where: {
        en: "one end alone: a client that asks, and a server whose program does not",
        zh: "只有一端支持：客户端请求 TFO，而服务端程序不支持",
      },
      in: ["fast-open-switches/as-server"],
      asks: [taken(PASSIVE, (host) => host === "silent", "–")],
    },
  ],
  because: {
    holds: {
      en: "Where one end may not or does not, the data waits for the handshake as ever: a client without the flag gets EOPNOTSUPP, and a server without it gives out no cookie.",
      zh: "只要有一端不允许或不使用，数据就照旧等握手完成：没有该标志的客户端得到 EOPNOTSUPP，没有该标志的服务端不发放 Cookie。",
    },
  },
};

export const switches: Rule[] = [values, bothEnds];
