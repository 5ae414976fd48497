import {
  answeredFins,
  closedInSegments,
  finAcknowledgedMs,
  finAcknowledgements,
  finsRepeated,
  finsWhileShut,
  firstGoodbye,
  goodbyeAfter,
  numbersOfFin,
  probes,
  segmentAfterRepeatedFin,
  unaskedAcks,
} from "../../../measure/fins.ts";
import { wireConnections } from "../../../measure/packets.ts";
import { segments, type Segments } from "../../../measure/segments.ts";
import type { Sockets } from "../../../measure/sockets.ts";
import {
  answerToSecondSyn,
  completedByRequest,
  medianAnswerMs,
  numbersOfSyn,
  olderSyns,
  savedRoundTrips,
  synCarried,
  synDataAcknowledged,
  unansweredConnections,
} from "../../../measure/syns.ts";
import { bytesSentWhile, sentWhile } from "../../../measure/transfer.ts";
import type { HostName } from "../../../model/names.ts";
import type { TcpFlag } from "../../../model/segment.ts";
import { type Figure, measuredIn, type Reading } from "../figure.ts";
import { segmentsInFull, socketsInFull } from "../wording.ts";
import { segmentsInFullZh, socketsInFullZh } from "../wording-zh.ts";

const onWire = measuredIn("packet");

/** How many such segments reached a wire. */
export const segmentsOf = (which: Segments): Figure =>
  onWire(
    { en: `segments${segmentsInFull(which)}`, zh: `${segmentsInFullZh(which)}报文段` },
    (recording) => segments(recording, which).length,
  );

/** How many connections the wires carried. */
export const connectionsOnWire = (): Figure =>
  onWire(
    { en: "connections on the wire", zh: "线路上的连接" },
    (recording) => wireConnections(recording).length,
  );

/** The median time from a segment of each connection to the first segment that answers it. */
export const medianAnswer = (first: Segments, answer: Segments | "acknowledgement"): Figure =>
  onWire(
    {
      en: `from a segment${segmentsInFull(first)} to ${answer === "acknowledgement" ? "its acknowledgement" : `the next one${segmentsInFull(answer)}`}, in the median`,
      zh: `从“${segmentsInFullZh(first)}报文段”到“${answer === "acknowledgement" ? "对它的确认" : `下一个${segmentsInFullZh(answer)}报文段`}”的中位时间`,
    },
    (recording) => medianAnswerMs(recording, first, answer),
    { unit: "ms" },
  );

/** How many sequence numbers a SYN or a FIN takes besides its payload. */
export const numbersTaken = (by: { syn: number } | "FIN"): Figure =>
  onWire(
    {
      en: `sequence numbers that the ${by === "FIN" ? by : "SYN"} took besides its payload`,
      zh: `${by === "FIN" ? by : "SYN"} 除载荷外占用的序号`,
    },
    (recording) => (by === "FIN" ? numbersOfFin(recording) : numbersOfSyn(recording, by.syn)),
  );

/** What the SYN of the client's n-th connection contained, in tcpdump's words. */
export const synCarries = (connection: number): Reading =>
  onWire({ en: `SYN ${connection}`, zh: `第 ${connection} 个 SYN` }, (recording) =>
    synCarried(recording, connection),
  );

/** How many bytes of the SYN's data the SYN-ACK acknowledged. */
export const synAckTakes = (connection: number): Figure =>
  onWire(
    { en: "bytes of its data that the SYN-ACK acknowledged", zh: "SYN-ACK 确认的数据字节" },
    (recording) => synDataAcknowledged(recording, connection),
  );

/** How much sooner the second connection got its answer. */
export const roundTripsSaved = (): Figure => ({
  name: {
    en: "round trips by which the second connection got its answer sooner than the first",
    zh: "第二条连接的应答比第一条提前的往返数",
  },
  needs: ["packet", "report"],
  of: savedRoundTrips,
});

/** How many connections on a wire the server never answered. */
export const turnedAway = (link: number, more = 0): Figure =>
  onWire(
    { en: "connections that never got a SYN-ACK", zh: "始终没有得到 SYN-ACK 的连接" },
    (recording) => unansweredConnections(recording, link, "server") + more,
  );

/** How many handshakes a retransmitted request completed. */
export const handshakesByRequest = (): Figure =>
  onWire(
    { en: "handshakes that a retransmitted request completed", zh: "由重传的请求完成的握手" },
    completedByRequest,
  );

/** The answer to the second SYN between the same two ports. */
export const secondSynAnswer = (): Reading =>
  onWire({ en: "the answer to the second SYN", zh: "对第二个 SYN 的应答" }, answerToSecondSyn);

/** SYNs without a SYN-ACK whose timestamp was older than the last one from their address. */
export const synsTooOld = (): Figure =>
  onWire(
    {
      en: "SYNs without a SYN-ACK whose timestamp was older than the last one from their address",
      zh: "因时间戳早于同一地址上一个 SYN 而没有得到 SYN-ACK 的 SYN",
    },
    (recording) => {
      const { sent, dropped } = olderSyns(recording);
      return sent === 0 ? null : dropped;
    },
  );

/** Which of FIN and RST an end of a connection sent first. */
export const goodbyeOf = (host: HostName): Reading =>
  onWire({ en: `what ${host} sent first, FIN or RST`, zh: `${host} 先发出的是 FIN 还是 RST` }, (recording) =>
    firstGoodbye(recording, host),
  );

/** Which of FIN and RST a client sent first after a signal had ended its program. */
export const goodbyeOfKilled = (signal: string): Reading => ({
  name: { en: `sent after ${signal}`, zh: `${signal} 之后` },
  needs: ["packet", "program"],
  of: (recording) => goodbyeAfter(recording, signal),
});

/** How many connections were closed with this number of segments. */
export const closedIn = (count: number): Figure =>
  onWire(
    { en: `connections that were closed with ${count} segments`, zh: `用 ${count} 个报文段关闭的连接` },
    (recording) => closedInSegments(recording, count),
    { outOf: (recording) => wireConnections(recording).length },
  );

/** How many segments acknowledged the server's FIN. */
export const finAcks = (): Figure =>
  onWire(
    { en: "acknowledgements of server's FIN that arrived", zh: "到达的对 server 的 FIN 的确认" },
    finAcknowledgements,
  );

/** How long a host took to acknowledge the other end's FIN. */
export const finAcknowledgedIn = (host: HostName): Figure =>
  onWire(
    {
      en: `from the arrival of a FIN to the ACK from ${host}, in the median`,
      zh: `从 FIN 到达到 ${host} 发出 ACK 的中位时间`,
    },
    (recording) => finAcknowledgedMs(recording, host),
    { unit: "ms" },
  );

/** How often an end's FIN was retransmitted on a connection. */
export const finRepeats = (from: HostName, connection: number): Figure =>
  onWire(
    {
      en: `retransmissions of ${from}'s FIN on connection ${connection}`,
      zh: `第 ${connection} 条连接上 ${from} 的 FIN 重传`,
    },
    (recording) => finsRepeated(recording, from, connection),
  );

/** How many FINs the client sent between its shutdown() and its close(). */
export const finsShut = (): Figure => ({
  name: {
    en: "FINs from client between shutdown() and close()",
    zh: "client 在 shutdown() 与 close() 之间发出的 FIN",
  },
  needs: ["packet", "report"],
  of: finsWhileShut,
});

/** The answer to the last retransmission of the server's FIN. */
export const repeatedFinAnswer = (): Reading =>
  onWire(
    { en: "the answer to the retransmitted FIN", zh: "对重传的 FIN 的应答" },
    (recording) => segmentAfterRepeatedFin(recording)?.flags.join("-") ?? null,
  );

/** How many retransmissions of the server's FIN there were, or how many of them got an ACK, with the answer to each. */
export const repeatedFins = (which: "all" | "acknowledged"): Figure => ({
  needs: ["packet"],
  name:
    which === "all"
      ? { en: "retransmissions of server's FIN", zh: "server 的 FIN 重传" }
      : { en: "of these, answered with an ACK", zh: "其中得到 ACK 的" },
  of: (recording) => {
    const repeated = answeredFins(recording).slice(1);
    const isWanted = (flags: string | undefined): boolean => which === "all" || flags === "ACK";
    return repeated.length === 0
      ? null
      : repeated.filter(({ answer }) => isWanted(answer?.flags.join("-"))).length;
  },
  ...(which === "acknowledged" && {
    detail: (recording) =>
      answeredFins(recording)
        .slice(1)
        .map(({ answer }) => answer?.flags.join("-") ?? "–")
        .join(", "),
  }),
});

/** The time from the server's first FIN to its last retransmission; null without one. */
export const lastFinAfter = (): Figure =>
  onWire(
    { en: "from server's first FIN to its last retransmission", zh: "从 server 的第一个 FIN 到最后一次重传" },
    (recording) => {
      const fins = answeredFins(recording);
      const [first, last] = [fins[0]?.fin, fins.at(-1)?.fin];
      return first === undefined || last === undefined || first === last
        ? null
        : (last.atUs - first.atUs) / 1e6;
    },
    { unit: "s" },
  );

/** The answer to the last of the server's FINs; `nothing` when that FIN was dropped on its way. */
export const lastFinAnswer = (): Reading =>
  onWire({ en: "the answer to the last FIN", zh: "对最后一个 FIN 到达的应答" }, (recording) => {
    const fins = answeredFins(recording);
    const answer = fins.at(-1)?.answer ?? null;
    if (fins.length < 2) return null;
    return answer === null
      ? "nothing"
      : `${answer.flags.join("-")}${answer.fate === "passed" ? "" : ` (${answer.fate})`}`;
  });

/** How many ACKs of the server's FINs were lost. */
export const finAcksLost = (): Figure =>
  onWire(
    { en: "answers to FINs that were lost", zh: "丢失的对 FIN 的应答" },
    (recording) => answeredFins(recording).filter(({ answer }) => answer?.fate === "dropped").length,
  );

/** How many ACKs after the server's FIN no segment had caused. */
export const acksUnasked = (): Figure =>
  onWire(
    { en: "ACKs from client that no segment had caused", zh: "client 在没有报文触发时自行发出的 ACK" },
    unaskedAcks,
  );

/** How many probes of a closed window a wire carried. */
export const windowProbes = (link: number): Figure =>
  onWire({ en: `window probes on wire ${link}`, zh: `第 ${link} 条线路上的零窗口探测` }, (recording) =>
    probes(recording, "window probe", { link }),
  );

/** How many keep-alive probes a host sent. */
export const keepAliveProbes = (from: HostName): Figure =>
  onWire({ en: `keep-alive probes from ${from}`, zh: `${from} 发出的保活探测` }, (recording) =>
    probes(recording, "keep-alive probe", { from }),
  );

/** How many segments with a flag the server sent while samples contained such sockets. */
export const sentDuring = (flag: TcpFlag, which: Sockets): Figure => ({
  name: {
    en: `${flag}s from server while there were ${socketsInFull(which, 2)}`,
    zh: `有${socketsInFullZh(which)}期间 server 发出的 ${flag}`,
  },
  needs: ["packet", "sockets"],
  of: (recording) => sentWhile(recording, flag, which),
});

/** How many bytes the server sent after the client's FIN while samples contained such sockets. */
export const bytesDuring = (which: Sockets): Figure => ({
  name: {
    en: `bytes from server after client's FIN, while there were ${socketsInFull(which, 2)}`,
    zh: `client 的 FIN 之后、有${socketsInFullZh(which)}期间 server 发出的字节`,
  },
  needs: ["packet", "sockets"],
  of: (recording) => bytesSentWhile(recording, "server", which),
});
