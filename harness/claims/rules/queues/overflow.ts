import { latencies, outcomeCounts } from "../../../measure/attempts.ts";
import { calls } from "../../../measure/calls.ts";
import { repeats, wireConnections } from "../../../measure/packets.ts";
import { percentile } from "../../../measure/percentile.ts";
import { reported } from "../../../measure/reports.ts";
import { segments } from "../../../measure/segments.ts";
import type { Recording } from "../../../model/recording.ts";
import { atLeast, atMost, exactly, type Bound } from "../../../verdict/bound.ts";
import { figureOf } from "../../former.ts";
import type { Question, Rule } from "../../former.ts";
import { callsReturned, counted } from "../handshake/seen.ts";

const OVERFLOWS = "TcpExtListenOverflows";
const overflows = counted(OVERFLOWS, atLeast(1));

/** Connections of which the last that the server heard before it said more than SYN-ACKs was a request sent again. */
function completedByRequest(recording: Recording): number {
  return wireConnections(recording).filter(({ packets }) => {
    const word = packets.find(({ from, flags }) => from === "server" && !flags.includes("SYN"));
    if (word === undefined || word.flags.includes("RST")) return false;
    const heard = packets.findLast(
      ({ from, sentUs }) => from === "client" && sentUs !== null && sentUs <= word.atUs,
    );
    return heard !== undefined && heard.payloadBytes > 0 && repeats(packets).has(heard);
  }).length;
}

const completed = (bound: Bound): Question =>
  figureOf(
    {
      en: "handshakes that a repeated request completed: {}",
      zh: "有 {} 次握手由重传的请求完成",
    },
    { needs: ["packet"], of: completedByRequest },
    bound,
  );

const completesLater: Rule = {
  id: "C88",
  under: [
    {
      where: { en: "when there is room a second and a half later", zh: "一秒半之后队列有了空位" },
      in: ["third-segment-refused/dropped"],
      asks: [
        callsReturned("connect", 0, exactly(1)),
        completed(exactly(1)),
        callsReturned("recv", 47, exactly(1)),
      ],
    },
    {
      where: {
        en: "with 17 clients and a server that prepares for 1.8 s",
        zh: "17 个客户端、服务端准备 1.8 秒",
      },
      in: ["phantom-established/buggy"],
      asks: [
        completed(atLeast(1)),
        figureOf(
          { en: "{} were answered in the end", zh: "最终有 {} 个得到应答" },
          { needs: ["attempt"], of: (recording) => outcomeCounts(recording).get("ok") ?? 0 },
          exactly(17),
        ),
      ],
    },
  ],
  beyond: [
    {
      where: {
        en: "when there is no room until the SYN-ACKs are used up",
        zh: "SYN-ACK 重传用尽之前一直没有空位",
      },
      in: ["third-segment-refused/given-up"],
      asks: [callsReturned("recv", "ECONNRESET", exactly(0))],
    },
  ],
  because: {
    "holds-with-limits": {
      en: "Every segment of the client acknowledges the server's SYN, so a repeated request does for the third segment, as long as the server still has the request. When its SYN-ACK retries are over it has forgotten, and the next repetition is answered with RST",
      zh: "客户端的每个报文段都确认了服务端的 SYN，只要服务端还记着这个半连接，重传的请求就能当作第三个报文段。SYN-ACK 重传用尽之后它就被忘掉，下一次重传换来的是 RST",
    },
    holds: {
      en: "whenever there is room, the next repetition completes it",
      zh: "什么时候有空位，下一次重传就能完成",
    },
    refuted: { en: "the repeated request did not complete the handshake", zh: "重传的请求没能完成握手" },
  },
};

/** From the client's third segment at the server to the moment at which the client was told how it ended, in milliseconds. */
function toldAfterMs(recording: Recording): number | null {
  const [third] = segments(recording, { link: 0, from: "client", without: ["SYN"] });
  const over = calls(recording, { program: "client", call: "recv" }).find(({ result }) => result !== null);
  const cameUs = third?.sentUs ?? null;
  return cameUs === null || over === undefined ? null : (over.atUs - cameUs) / 1000;
}

/** Longer than any server of these experiments works for one, and shorter than the first retry of a SYN. */
const LONG_MS = 900;
const waited: Question = figureOf(
  { en: "the client was told {} ms later how it ended", zh: "客户端在 {} 毫秒后才得到结果" },
  { needs: ["report", "packet"], of: toldAfterMs },
  atLeast(LONG_MS),
);

const looksFast: Rule = {
  id: "C90",
  under: [
    {
      where: { en: "when SYNs meet the full queue", zh: "SYN 遇到满队列时" },
      in: ["accept-queue-overflow/buggy"],
      asks: [
        overflows,
        figureOf(
          { en: "the server's own time was {} ms at p90", zh: "服务端自记的耗时 p90 为 {} 毫秒" },
          { needs: ["report"], of: (one) => percentile(reported(one, { kind: "service" }, "serviceMs"), 90) },
          atMost(100),
        ),
        figureOf(
          { en: "the client's was {} ms at p90", zh: "客户端的耗时 p90 为 {} 毫秒" },
          { needs: ["attempt"], of: (one) => percentile(latencies(one, {}, "totalMs"), 90) },
          atLeast(LONG_MS),
        ),
      ],
    },
    {
      where: { en: "when the third segment does", zh: "第三个报文段遇到满队列时" },
      in: ["third-segment-refused/dropped"],
      asks: [overflows, waited],
    },
  ],
  beyond: [
    {
      where: {
        en: "when it does, and tcp_abort_on_overflow is 1",
        zh: "同上，且 tcp_abort_on_overflow 为 1",
      },
      in: ["third-segment-refused/abort"],
      asks: [overflows, waited],
    },
  ],
  because: {
    "holds-with-limits": {
      en: "The server's clock starts at accept(), the client's at its SYN, and what lies between are retries a second apart. With tcp_abort_on_overflow a third segment that finds no room ends in an error within a round trip: no latency to see",
      zh: "服务端从 accept() 开始计时，客户端从 SYN 开始，两者之间是以秒计的重传。若打开 tcp_abort_on_overflow，第三个报文段找不到位置就立刻收到 RST：看到的是报错而不是高延迟",
    },
    holds: {
      en: "the client waits, and the server's log does not know",
      zh: "客户端在等，服务端日志却看不出来",
    },
    refuted: { en: "server and client agree about the time", zh: "服务端与客户端的耗时一致" },
  },
};

export const rules: Rule[] = [completesLater, looksFast];
