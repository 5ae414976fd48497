import { repeats, wireConnections } from "../../measure/packets.ts";
import { isMeant, segments, type Segments } from "../../measure/segments.ts";
import { statesIn } from "../../measure/states-passed.ts";
import type { Answer } from "../../model/expectation.ts";
import type { Recording } from "../../model/recording.ts";
import type { PacketSample } from "../../model/sample.ts";
import type { HostName } from "../../model/names.ts";
import type { TcpState } from "../../model/state.ts";
import type { Text } from "../../model/text.ts";
import { BOUND, LIST, OBJECT, SELECTOR, checkArguments } from "./arguments.ts";
import type { Bound } from "./bound.ts";
import { answer, type Claim, claim, everyLook } from "./claim.ts";
import { segmentsOf } from "./figures/segments.ts";
import { statesOf } from "./figures/sockets.ts";
import { countOf, quoted, seconds, segmentsInFull } from "./wording.ts";
import { quotedZh, segmentsInFullZh } from "./wording-zh.ts";

/** How many of those segments reach a wire, whatever the wire does with them. */
export function segmentsSeen(which: Segments, bound: Bound): Claim<Recording> {
  checkArguments("segmentsSeen", { which: [which, SELECTOR], bound: [bound, BOUND] });
  const things = bound.ofThings(`segment${segmentsInFull(which)}`, `segments${segmentsInFull(which)}`);
  const sentence = {
    en: `there ${bound.isOne ? "is" : "are"} ${things}`,
    zh: `${segmentsInFullZh(which)}报文段：${bound.zh} 个`,
  };
  return claim(
    sentence,
    ["packet"],
    (recording) => counted(segments(recording, which), bound, { en: "segment", zh: "报文段" }),
    { about: segmentsOf(which), given: { segments: which, count: bound } },
  );
}

/** How many of those segments are retransmissions: everything in them was sent before, with the same numbers. */
export function segmentsRepeated(which: Segments, bound: Bound): Claim<Recording> {
  checkArguments("segmentsRepeated", { which: [which, SELECTOR], bound: [bound, BOUND] });
  const things = (thing: string): string => `${thing}${segmentsInFull(which)}`;
  const sentence = {
    en: `there ${bound.isOne ? "is" : "are"} ${bound.ofThings(things("retransmission"), things("retransmissions"))}`,
    zh: `${segmentsInFullZh(which)}重传：${bound.zh} 个`,
  };
  const test = (recording: Recording): Answer => {
    const repeated = wireConnections(recording)
      .flatMap(({ packets }) => [...repeats(packets)])
      .filter(([packet, repeat]) => repeat.kind === "retransmission" && isMeant(packet, which))
      .map(([packet]) => packet);
    return counted(repeated, bound, { en: "retransmission", zh: "重传" });
  };
  return claim(sentence, ["packet"], test, { given: { segments: which, count: bound } });
}

/** One end of a connection on a wire. */
export interface SocketEnd {
  host: HostName;
  /** Which wire of the setup, from 0, and which of its connections, from 1. If absent, the first. */
  link?: number;
  connection?: number;
}

/**
 * That samples show the socket at one end of a connection in these states, in this order, and in no others. CLOSED means that the
 * socket is no longer in the table. A state that ends before the next sample can be missed, so name only states that last.
 */
export function statesPassed(end: SocketEnd, states: readonly TcpState[]): Claim<Recording> {
  checkArguments("statesPassed", { end: [end, OBJECT], states: [states, LIST] });
  const { link = 0, connection = 1 } = end;
  const of = connection === 1 && link === 0 ? "" : ` of connection ${connection}`;
  const where = `${of}${link === 0 ? "" : ` on wire ${link}`}`;
  const whereZh = `${link === 0 ? "" : `第 ${link} 条线路上`}${of === "" ? "" : `第 ${connection} 条连接`}`;
  return claim(
    {
      en: `the socket on ${end.host}${where} passes ${states.join(", ")}, in this order`,
      zh: `${end.host} 上${whereZh}的套接字依次处于 ${states.join("、")}`,
    },
    ["packet", "sockets"],
    (recording) => {
      const found = wireConnections(recording).find(
        (one) => one.link === link && one.connection === connection,
      );
      if (found === undefined) {
        return answer(null, {
          en: `there was no connection ${connection}`,
          zh: `没有第 ${connection} 条连接`,
        });
      }
      const seen = statesIn(recording, found, end.host);
      const words = seen.map(({ state, atUs }) => `${state} (${seconds(atUs)})`).join(", ");
      const isSo = seen.map(({ state }) => state).join() === states.join();
      return answer(
        isSo,
        words === "" ? { en: "no sample shows it", zh: "没有一次观测到它" } : { en: words, zh: words },
      );
    },
    {
      ofEveryLook: everyLook("sockets", end),
      about: statesOf(end.host, connection),
      given: { socketEnd: end, states },
    },
  );
}

function counted(packets: PacketSample[], bound: Bound, thing: Text): Answer {
  const [which, zh] =
    packets.length === 0 ? ["", ""] : [`: ${quoted(packets, name)}`, `：${quotedZh(packets, nameZh)}`];
  return answer(bound.holds(packets.length), {
    en: `${countOf(packets.length, thing.en)}${which}`,
    zh: `${packets.length} 个${thing.zh}${zh}`,
  });
}

/** `SYN-ACK from server, dropped`. The fate "passed" is left out. */
function name({ flags, from, payloadBytes, fate }: PacketSample): string {
  const data = payloadBytes === 0 ? "" : ` with ${payloadBytes} B`;
  return `${flags.join("-") || "no flags"}${data} from ${from}${fate === "passed" ? "" : `, ${fate}`}`;
}

function nameZh({ flags, from, payloadBytes, fate }: PacketSample): string {
  const data = payloadBytes === 0 ? "" : `（${payloadBytes} B）`;
  return `${from} 的 ${flags.join("-") || "无标志"}${data}${fate === "passed" ? "" : ` ${fate}`}`;
}
