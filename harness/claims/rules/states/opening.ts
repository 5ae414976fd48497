import { counterDelta } from "../../../measure/counters.ts";
import { samplesOf } from "../../../measure/evidence.ts";
import { segments } from "../../../measure/segments.ts";
import { atLeast, atMost, exactly } from "../../../verdict/bound.ts";
import { figureOf, wordsOf } from "../../former.ts";
import type { Question, Rule, Text } from "../../former.ts";
import { firstResult, ignoredMs, longestMs, medianMs, passedBy, returnedAtUs } from "./evidence.ts";

/** What one calls short: a look every second would find it in one of twenty. */
const SHORT_MS = 50;

const connect = (wanted: string): Question =>
  wordsOf(
    { en: "connect() came to {}", zh: "connect() 的结果是 {}" },
    { needs: ["report"], of: (recording) => firstResult(recording, "client", "connect") },
    wanted,
  );

const inSynReceived = (bound: Parameters<typeof figureOf>[2]): Question =>
  figureOf(
    { en: "the server was in SYN-RECEIVED for {} ms", zh: "服务端在 SYN-RECEIVED 停留 {} ms" },
    {
      needs: ["sockets"],
      of: (recording) => longestMs(recording, { host: "server", state: "SYN-RECEIVED" }),
    },
    bound,
  );

const passes = (wanted: string): Question =>
  wordsOf(
    { en: "the client passed {}", zh: "客户端依次经过 {}" },
    { needs: ["packet", "sockets"], of: (recording) => passedBy(recording, "client") },
    wanted,
  );

const LONG_WAY: Text = { en: "on a way of 200 ms", zh: "单程 200 ms 的链路" };
const THIRD_LOST: Text = { en: "when the third segment is lost", zh: "第三个报文段丢失时" };
const QUEUE_FULL: Text = { en: "when the accept queue is full", zh: "全连接队列已满时" };
const DEFERRED: Text = {
  en: "when the listener has TCP_DEFER_ACCEPT and the client says nothing yet",
  zh: "监听套接字设置了 TCP_DEFER_ACCEPT 而客户端尚未发数据时",
};

/** C01: LISTEN accepts, CLOSED is where one begins. */
const listen: Rule = {
  id: "C01",
  under: [
    {
      where: { en: "a program listens", zh: "有程序在监听" },
      in: ["handshake/accepted"],
      asks: [connect("0")],
    },
    {
      where: { en: "nobody listens", zh: "无人监听" },
      in: ["handshake/refused"],
      asks: [connect("ECONNREFUSED")],
    },
    {
      where: { en: "in two whole lives of connections", zh: "两条连接的完整生命周期中" },
      in: ["state-zoo/slow-motion"],
      asks: [
        figureOf(
          { en: "{} looks had a row in CLOSED", zh: "{} 次观察看到处于 CLOSED 的条目" },
          {
            needs: ["sockets"],
            of: (recording) =>
              samplesOf(recording, "sockets").filter(({ groups }) =>
                groups.some(({ state }) => state === "CLOSED"),
              ).length,
          },
          exactly(0),
        ),
      ],
    },
  ],
  beyond: [
    {
      where: { en: "the program never calls accept()", zh: "程序从不调用 accept()" },
      in: ["handshake/nobody-accepts"],
      asks: [connect("0")],
    },
    {
      where: QUEUE_FULL,
      in: ["accept-queue-overflow/buggy"],
      asks: [
        figureOf(
          { en: "a socket in LISTEN dropped {} SYNs", zh: "处于 LISTEN 的套接字丢弃了 {} 个 SYN" },
          {
            needs: ["counters"],
            of: (recording) => counterDelta(recording, { host: "server", counter: "TcpExtListenDrops" }),
          },
          exactly(0),
        ),
      ],
    },
  ],
  because: {
    "holds-with-limits": {
      en: "A socket in LISTEN is what a SYN needs, and the kernel completes the handshake without the program; but while the accept queue is full, it stays in LISTEN and lets nobody in. CLOSED is no row in any table: it is before the first segment and after the last.",
      zh: "收到 SYN 时必须有处于 LISTEN 的套接字，握手由内核完成，不需要程序参与；但全连接队列满时，状态仍是 LISTEN，却不再接纳任何人。CLOSED 在任何表里都没有条目：它指的是第一个报文段之前和最后一个报文段之后。",
    },
    holds: {
      en: "A socket in LISTEN is what a SYN needs, and CLOSED is no row in any table.",
      zh: "收到 SYN 时必须有处于 LISTEN 的套接字；CLOSED 在任何表里都没有条目。",
    },
  },
};

/** C02: SYN-RECEIVED is hardly ever seen. */
const received: Rule = {
  id: "C02",
  under: [
    {
      where: { en: "23 handshakes over a short wire", zh: "短链路上的 23 次握手" },
      in: ["handshake-otherwise/quick"],
      asks: [
        figureOf(
          {
            en: "SYN-RECEIVED lasted {} ms in the median",
            zh: "SYN-RECEIVED 持续时间的中位数为 {} ms",
          },
          {
            needs: ["packet"],
            of: (recording) =>
              medianMs(
                recording,
                ({ flags }) => flags.join("-") === "SYN-ACK",
                ({ from }) => from === "client",
              ),
          },
          atMost(SHORT_MS),
        ),
      ],
    },
    {
      where: { en: "a client that withholds the third segment", zh: "客户端故意不发第三个报文段" },
      in: ["handshake-otherwise/withheld"],
      asks: [inSynReceived(atLeast(1000))],
    },
  ],
  beyond: [
    { where: LONG_WAY, in: ["handshake/accepted"], asks: [inSynReceived(atMost(SHORT_MS))] },
    { where: THIRD_LOST, in: ["syn-ack-lost/third-segment-lost"], asks: [inSynReceived(atMost(SHORT_MS))] },
    { where: QUEUE_FULL, in: ["phantom-established/buggy"], asks: [inSynReceived(atMost(SHORT_MS))] },
    { where: DEFERRED, in: ["handshake-otherwise/deferred"], asks: [inSynReceived(atMost(SHORT_MS))] },
  ],
  because: {
    refuted: {
      en: "Even on a short way the third segment let the server wait, so looks found SYN-RECEIVED.",
      zh: "即使链路很短，第三个报文段也让服务端久等，因此能观察到 SYN-RECEIVED。",
    },
    "holds-with-limits": {
      en: "SYN-RECEIVED lasts one round trip, so on a short way no look finds it. It does not take a client that misbehaves: a long way, a lost third segment, a full accept queue and TCP_DEFER_ACCEPT keep honest clients' connections in it for as long.",
      zh: "SYN-RECEIVED 只持续一个往返时间，链路短时看不到。但不必有捣乱的客户端：链路长、第三个报文段丢失、全连接队列已满、TCP_DEFER_ACCEPT，都会让正常客户端的连接长时间停在这个状态。",
    },
  },
};

/** C03: SYN-SENT lasts until the SYN-ACK. */
const sent: Rule = {
  id: "C03",
  under: [
    {
      where: LONG_WAY,
      in: ["handshake/accepted"],
      asks: [
        passes("SYN-SENT, ESTABLISHED"),
        figureOf(
          {
            en: "connect() returned {} ms after the SYN-ACK had come",
            zh: "SYN-ACK 到达 {} ms 后 connect() 返回",
          },
          {
            needs: ["packet", "report"],
            of: (recording) => {
              const [synAck] = segments(recording, { flags: ["SYN", "ACK"] });
              const overUs = returnedAtUs(recording, "client", "connect");
              return !synAck?.sentUs || overUs === null ? null : (overUs - synAck.sentUs) / 1000;
            },
          },
          atMost(100),
        ),
      ],
    },
  ],
  beyond: [
    {
      where: { en: "when the two ends call each other at once", zh: "两端同时向对方发起连接" },
      in: ["handshake-otherwise/crossing-syns"],
      asks: [passes("SYN-SENT, ESTABLISHED")],
    },
    {
      where: { en: "when nobody on the link has the address", zh: "链路上没有主机拥有该地址" },
      in: ["handshake-otherwise/no-neighbour"],
      asks: [
        figureOf(
          { en: "in SYN-SENT it had sent {} SYNs", zh: "处于 SYN-SENT 期间发出的 SYN 数为 {}" },
          {
            // That the wire was watched, the connection before shows.
            needs: ["packet"],
            of: (recording) => segments(recording, { from: "client", flags: ["SYN"], connection: 2 }).length,
          },
          atLeast(1),
        ),
      ],
    },
  ],
  because: {
    "holds-with-limits": {
      en: "It is so for one who calls a server that is there. SYN-SENT begins with connect(), though, and not with the SYN: without an answer to ARP none ever leaves. And it is ended by a SYN without ACK as well, which leads to SYN-RECEIVED at both ends.",
      zh: "呼叫一个在线的服务端时确实如此。但 SYN-SENT 始于 connect()，而不是 SYN 发出：ARP 得不到回答时，一个 SYN 都没有离开本机。另外，不带 ACK 的 SYN 也会结束它：同时打开时两端都进入 SYN-RECEIVED。",
    },
  },
};

/** C200, added: in SYN-RECEIVED, the client's ACK leads to ESTABLISHED. */
const acknowledged: Rule = {
  id: "C200",
  under: [
    {
      where: LONG_WAY,
      in: ["handshake/accepted"],
      asks: [
        wordsOf(
          { en: "the server passed {}", zh: "服务端依次经过 {}" },
          { needs: ["packet", "sockets"], of: (recording) => passedBy(recording, "server") },
          /^SYN-RECEIVED, ESTABLISHED/,
        ),
      ],
    },
  ],
  beyond: [
    ...[
      { where: QUEUE_FULL, trial: "phantom-established/buggy" },
      { where: DEFERRED, trial: "handshake-otherwise/deferred" },
    ].map(({ where, trial }) => ({
      where,
      in: [trial] as [string],
      asks: [
        figureOf(
          {
            en: "looks still found SYN-RECEIVED {} ms after the client's first ACK had come",
            zh: "客户端的第一个 ACK 到达 {} ms 后仍观察到 SYN-RECEIVED",
          },
          { needs: ["packet", "sockets"], of: ignoredMs },
          atMost(SHORT_MS),
        ),
      ] as [Question],
    })),
  ],
  because: {
    "holds-with-limits": {
      en: "The third segment completes the handshake if there is room in the accept queue, and if the listener does not wait for data (TCP_DEFER_ACCEPT). Otherwise the kernel drops that ACK and stays in SYN-RECEIVED, while the client is ESTABLISHED.",
      zh: "只有全连接队列有空位、且监听套接字不等数据（没有 TCP_DEFER_ACCEPT）时，第三个报文段才完成握手。否则内核丢弃这个 ACK，停在 SYN-RECEIVED，而客户端已是 ESTABLISHED。",
    },
  },
};

export const opening: Rule[] = [listen, received, sent, acknowledged];
