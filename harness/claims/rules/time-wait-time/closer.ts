import { samplesOf } from "../../../measure/evidence.ts";
import { segments } from "../../../measure/segments.ts";
import { percentile } from "../../../measure/percentile.ts";
import { socketSeries } from "../../../measure/sockets.ts";
import type { Recording } from "../../../model/recording.ts";
import { atMost } from "../../../verdict/bound.ts";
import { figureOf, question } from "../../former.ts";
import type { Condition, Question, Rule, Text } from "../../former.ts";

type End = "client" | "server";

/** The most TIME-WAIT that an end was seen with; null when nobody looked. */
const most = (recording: Recording, host: End): number | null =>
  socketSeries(recording, { host, state: "TIME-WAIT" }).peak?.value ?? null;

/** Where the TIME-WAIT are; `isSo` is asked of how many the client and the server had. */
const timeWaitIs = (isSo: (client: number, server: number) => boolean): Question =>
  question(["sockets"], (recording) => {
    const [client, server] = [most(recording, "client"), most(recording, "server")];
    return {
      holds: client === null || server === null ? null : isSo(client, server),
      observed: {
        en: `TIME-WAIT: ${client ?? "?"} at the client, ${server ?? "?"} at the server`,
        zh: `TIME-WAIT：客户端 ${client ?? "?"} 个，服务端 ${server ?? "?"} 个`,
      },
    };
  });

const onlyAt = (end: End): Question =>
  timeWaitIs((client, server) =>
    end === "client" ? client > 0 && server === 0 : server > 0 && client === 0,
  );

const CLIENT_FIRST: Text = { en: "when the client closes first", zh: "客户端先关闭时" };
const SERVER_FIRST: Text = { en: "when the server closes first", zh: "服务端先关闭时" };
const RESETS: Text = {
  en: "when who closes first resets (SO_LINGER {1, 0})",
  zh: "先关闭的一方发 RST（SO_LINGER {1, 0}）时",
};
const HTTP_10: Text = {
  en: "HTTP/1.0 with Node, nginx and Python's http.server",
  zh: "HTTP/1.0，Node、nginx、Python http.server",
};
const CONNECTION_CLOSE: Text = {
  en: "HTTP/1.1 with `Connection: close`, the same servers",
  zh: "HTTP/1.1 带 Connection: close，同样三种服务器",
};
const KEEP_ALIVE: Text = {
  en: "HTTP/1.1 with keep-alive, and a client that closes half a second after its answer",
  zh: "HTTP/1.1 长连接，客户端收到响应半秒后关闭",
};
const IDLE: Text = {
  en: "HTTP/1.1 with keep-alive, and a client that waits for 9 s",
  zh: "HTTP/1.1 长连接，客户端等待 9 秒",
};

const SERVERS = { Node: 8080, nginx: 8081, Python: 8082 };

/** How many connections each server closed first, as their clients saw it; `isSo` is asked of their share in all. */
const serversClose = (isSo: (share: number) => boolean): Question =>
  question(["report"], (recording) => {
    const closed = samplesOf(recording, "report").filter(({ report }) => report["kind"] === "closed");
    const first = closed.filter(({ report }) => report["first"] === "server");
    const of = (some: typeof closed, port: number): number =>
      some.filter(({ report }) => report["port"] === port).length;
    const each = Object.entries(SERVERS)
      .map(([name, port]) => `${name} ${of(first, port)}/${of(closed, port)}`)
      .join(", ");
    return {
      holds: closed.length === 0 ? null : isSo(first.length / closed.length),
      observed: {
        en: `closed first by the server: ${first.length} of ${closed.length} (${each})`,
        zh: `由服务端先关闭：${closed.length} 个中的 ${first.length} 个（${each}）`,
      },
    };
  });

const http = (variant: string, where: Text, ask: Question): Condition => ({
  where,
  in: [`http-first-close/${variant}`],
  asks: [ask],
});
const byServer = serversClose((share) => share === 1);
const byClient = serversClose((share) => share < 0.5);

/** How long the client's ACK of the server's FIN took, in milliseconds, at the median of all connections. */
function ackAfterMs(recording: Recording, host: End): number | null {
  const fins = segments(recording, { flags: ["FIN"] }).filter(({ from }) => from !== host);
  const own = segments(recording, { from: host });
  const times = fins.flatMap(({ connection, sentUs, sequence, payloadBytes }) => {
    const number = (sequence + payloadBytes + 1) >>> 0;
    const ack = own.find(
      (one) =>
        one.connection === connection && one.atUs >= (sentUs ?? Infinity) && one.acknowledgement === number,
    );
    return ack === undefined || sentUs === null ? [] : [(ack.atUs - sentUs) / 1000];
  });
  return percentile(times, 50);
}

const acknowledgesIn = (host: End): Question =>
  figureOf(
    { en: "the ACK left {} ms after the FIN came", zh: "FIN 到达 {} 毫秒后 ACK 发出" },
    { needs: ["packet"], of: (recording) => ackAfterMs(recording, host) },
    atMost(20),
  );

export const closer: Rule[] = [
  {
    id: "C20",
    under: [
      { where: CLIENT_FIRST, in: ["teardown/at-once"], asks: [onlyAt("client")] },
      { where: SERVER_FIRST, in: ["teardown/server-first"], asks: [onlyAt("server")] },
    ],
    beyond: [
      {
        where: { en: "when both close before either FIN arrives", zh: "双方在对方 FIN 到达之前都已关闭时" },
        in: ["simultaneous-close/both"],
        asks: [timeWaitIs((client, server) => client === 0 || server === 0)],
      },
      {
        where: RESETS,
        in: ["linger-zero-reset/buggy"],
        asks: [timeWaitIs((client, server) => client + server > 0)],
      },
    ],
    because: {
      "holds-with-limits": {
        en: "who sends a FIN before it has got one keeps TIME-WAIT: in an ordinary close that is one end, in a simultaneous one it is both, and after a RST it is none",
        zh: "在收到对方 FIN 之前就发出 FIN 的一端留下 TIME-WAIT：普通关闭是其中一端，同时关闭是两端，用 RST 关闭则两端都没有",
      },
      refuted: { en: "the other end was left with it", zh: "留下它的是另一端" },
    },
  },
  {
    id: "C21",
    // "Unavoidable" is said of every circumstance.
    under: [
      { where: CLIENT_FIRST, in: ["teardown/at-once"], asks: [onlyAt("client")] },
      http("http-1.0", HTTP_10, onlyAt("client")),
      {
        where: RESETS,
        in: ["linger-zero-reset/buggy"],
        asks: [timeWaitIs((client, server) => client + server > 0)],
      },
    ],
    beyond: [],
    because: {
      refuted: {
        en: "it is with whoever closes first, which for HTTP without keep-alive is the server; and it can be avoided, by a RST at the price of data, or by connections that are kept",
        zh: "它属于先关闭的一方，不用长连接的 HTTP 里就是服务端；也并非不可避免：发 RST（代价是可能丢数据），或者干脆复用连接",
      },
      holds: { en: "it was at the client, whoever closed", zh: "无论谁关闭，它都在客户端" },
    },
  },
  {
    id: "C22",
    under: [
      http("http-1.0", HTTP_10, byServer),
      http("connection-close", CONNECTION_CLOSE, byServer),
      http("http-1.0", { en: "and so", zh: "因此" }, onlyAt("server")),
    ],
    beyond: [http("keep-alive", KEEP_ALIVE, byServer), http("idle", IDLE, byServer)],
    because: {
      "holds-with-limits": {
        en: "where a connection is for one request, the server ends the answer with its FIN, and keeps TIME-WAIT; with keep-alive, the default since HTTP/1.1, it is the end with the shorter patience: Node after 5 to 6 s, nginx after 75 s, Python's server, which speaks HTTP/1.0, at once. A client that does not wait for the FIN, as curl, may be first in any case",
        zh: "一个连接只用一次时，服务端以 FIN 结束响应并留下 TIME-WAIT；HTTP/1.1 默认长连接，由空闲时限较短的一端先关：Node 约 5-6 秒，nginx 75 秒，而讲 HTTP/1.0 的 Python 服务器立即关闭；像 curl 那样收完即关的客户端，随时可能抢先",
      },
      refuted: {
        en: "one of these servers leaves it to its client",
        zh: "这些服务器中有的把关闭留给客户端",
      },
    },
  },
  {
    id: "C23",
    under: [
      {
        where: { en: "an echo server over raw TCP", zh: "裸 TCP 的回显服务器" },
        in: ["short-against-long/short-tcp"],
        asks: [onlyAt("client")],
      },
      http("keep-alive", KEEP_ALIVE, byClient),
    ],
    beyond: [http("connection-close", CONNECTION_CLOSE, byClient), http("http-1.0", HTTP_10, byClient)],
    because: {
      "holds-with-limits": {
        en: "its reason is right for servers that wait for another request, as Node and nginx do: they do not close after an answer; but where the request says that it is the only one (HTTP/1.0, `Connection: close`), all of them do",
        zh: "对会等待下一个请求的服务器（Node、nginx）理由成立：答完并不关闭；但请求若声明只此一次（HTTP/1.0、Connection: close），它们都会先关闭",
      },
      refuted: { en: "the servers close first here", zh: "这里是服务端先关闭" },
    },
  },
  {
    id: "C212",
    under: [
      { where: CLIENT_FIRST, in: ["teardown/later"], asks: [acknowledgesIn("client")] },
      { where: SERVER_FIRST, in: ["teardown/server-first"], asks: [acknowledgesIn("server")] },
    ],
    beyond: [
      {
        where: { en: "and each time that the FIN is repeated", zh: "对端每次重发 FIN 时" },
        in: ["time-wait-answers/five-lost"],
        asks: [acknowledgesIn("client")],
      },
    ],
    because: {
      holds: {
        en: "the ACK of a FIN is never delayed: the kernel sends it while it makes the socket a TIME-WAIT, and again for each FIN that comes then",
        zh: "对 FIN 的 ACK 从不延迟：内核在把套接字变为 TIME-WAIT 的同时发出，此后每收到一次 FIN 再发一次",
      },
      refuted: { en: "the ACK was late", zh: "ACK 来迟了" },
    },
  },
];
