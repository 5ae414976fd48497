import { wireConnections } from "../../../measure/packets.ts";
import { socketSeries } from "../../../measure/sockets.ts";
import type { Recording } from "../../../model/recording.ts";
import type { PacketSample } from "../../../model/sample.ts";
import { atLeast } from "../../../verdict/bound.ts";
import { figure } from "../../../verdict/wording.ts";
import { figureOf, question } from "../../former.ts";
import type { Condition, Question, Rule, Text } from "../../former.ts";

/** The first connection of a wire. */
const packets = (recording: Recording): PacketSample[] =>
  wireConnections(recording).find(({ connection }) => connection === 1)?.packets ?? [];

/** The server's FINs, and what the client's host sent next after each had come. */
function fins(recording: Recording): { fin: PacketSample; answer: PacketSample | null }[] {
  const all = packets(recording);
  return all
    .filter(({ from, flags }) => from === "server" && flags.includes("FIN"))
    .map((fin) => ({
      fin,
      answer: all.find(({ from, atUs }) => from === "client" && atUs >= (fin.sentUs ?? Infinity)) ?? null,
    }));
}

/** That each repeated FIN of the server's is answered with an ACK. */
const repeatsAreAcknowledged: Question = question(["packet"], (recording) => {
  const repeated = fins(recording).slice(1);
  const answers = repeated.map(({ answer }) => answer?.flags.join("-") ?? "nothing");
  const acknowledged = answers.filter((flags) => flags === "ACK").length;
  const others = [...new Set(answers.filter((flags) => flags !== "ACK"))].join(", ");
  const rest: Text =
    others === "" ? { en: "", zh: "" } : { en: `, the others with ${others}`, zh: `，其余得到 ${others}` };
  return {
    holds: repeated.length === 0 ? null : acknowledged === repeated.length,
    observed: {
      en: `${acknowledged} of ${repeated.length} repeated FINs answered with an ACK${rest.en}`,
      zh: `重发的 ${repeated.length} 个 FIN 中有 ${acknowledged} 个得到 ACK${rest.zh}`,
    },
  };
});

/** That ACKs were lost, and that the other end got one after all, and left LAST-ACK with it. */
const isMadeGood: Question = question(["packet", "sockets"], (recording) => {
  const all = fins(recording);
  const lost = all.filter(({ answer }) => answer?.fate === "dropped").length;
  const [first, last] = [all[0]?.fin, all.at(-1)];
  const isOver = (socketSeries(recording, { host: "server", state: "LAST-ACK" }).last?.value ?? 0) === 0;
  const arrived = last?.answer?.flags.join("-") === "ACK" && last.answer.fate === "passed" && isOver;
  const after = first === undefined || last === undefined ? null : (last.fin.atUs - first.atUs) / 1e6;
  return {
    holds: all.length < 2 ? null : arrived,
    observed: {
      en: `ACKs lost: ${lost}; the FIN came again for the last time after ${after === null ? "?" : figure(after)} s, and was answered with ${last?.answer?.flags.join("-") ?? "nothing"}`,
      zh: `丢失 ${lost} 个 ACK；最后一次重发的 FIN 在 ${after === null ? "?" : figure(after)} 秒后到来，得到 ${last?.answer?.flags.join("-") ?? "无应答"}`,
    },
  };
});

/** ACKs that the client's host sent behind the server's first FIN without having been sent anything since its last segment. */
function unaskedAcks(recording: Recording): number | null {
  const all = packets(recording);
  const first = fins(recording)[0]?.fin;
  if (first === undefined) return null;
  const acks = all.filter(
    ({ from, atUs, flags }) => from === "client" && atUs > first.atUs && flags.join() === "ACK",
  );
  return acks.filter((ack) => {
    const before = all.findLast(({ from, atUs }) => from === "client" && atUs < ack.atUs)?.atUs ?? 0;
    return !all.some(
      ({ from, sentUs }) => from === "server" && sentUs !== null && sentUs > before && sentUs <= ack.atUs,
    );
  }).length;
}

const sendsByItself: Question = figureOf(
  { en: "{} ACKs were sent that no segment had asked for", zh: "没有报文触发而自行发出的 ACK 有 {} 个" },
  { needs: ["packet"], of: unaskedAcks },
  atLeast(1),
);

const ONE_LOST: Text = { en: "when the last ACK is lost once", zh: "最后的 ACK 丢失一次时" };
const FIVE_LOST: Text = { en: "when it is lost five times", zh: "连续丢失五次时" };
const LATE: Text = {
  en: "when the FIN is repeated after more than a minute",
  zh: "一分多钟之后才重发 FIN 时",
};

const lost = (trial: string, where: Text, ask: Question): Condition => ({ where, in: [trial], asks: [ask] });
const LOST_ONCE = "last-ack-lost/time-wait";
const LOST_OFTEN = "time-wait-answers/five-lost";
const LATE_FIN = "time-wait-answers/late-fin";

export const lastAck: Rule[] = [
  {
    id: "C34",
    under: [lost(LOST_ONCE, ONE_LOST, repeatsAreAcknowledged)],
    beyond: [
      lost(LOST_OFTEN, FIVE_LOST, repeatsAreAcknowledged),
      lost(LATE_FIN, LATE, repeatsAreAcknowledged),
    ],
    because: {
      "holds-with-limits": {
        en: "it is what TIME-WAIT is for, and it does so for every FIN that comes, each of which starts the minute anew; a FIN that comes later than that belongs to no connection, and gets a RST",
        zh: "这正是 TIME-WAIT 的用途：每来一次 FIN 就回一次 ACK，并重新计时一分钟；再晚到的 FIN 已不属于任何连接，得到的是 RST",
      },
      refuted: { en: "the repeated FIN got no ACK", zh: "重发的 FIN 没有得到 ACK" },
    },
  },
  {
    id: "C35",
    under: [
      lost(
        LATE_FIN,
        { en: "through all of a TIME-WAIT, the other end being silent", zh: "对端沉默、整个 TIME-WAIT 期间" },
        sendsByItself,
      ),
      lost(LOST_OFTEN, FIVE_LOST, sendsByItself),
    ],
    beyond: [],
    because: {
      refuted: {
        en: "TIME-WAIT has a timer for its end and none for its ACK: the last ACK is sent again when the other end repeats its FIN, whose timer it is, and at no other time",
        zh: "TIME-WAIT 只有到期定时器，没有重传 ACK 的定时器：只有对端（由它的重传定时器驱动）重发 FIN 时才再发一次 ACK",
      },
      holds: { en: "ACKs came that nothing had asked for", zh: "出现了无人触发的 ACK" },
    },
  },
  {
    id: "C36",
    under: [lost(LOST_ONCE, ONE_LOST, isMadeGood)],
    beyond: [lost(LOST_OFTEN, FIVE_LOST, isMadeGood), lost(LATE_FIN, LATE, isMadeGood)],
    because: {
      "holds-with-limits": {
        en: "at least once is right, and by far too modest: the peer's retransmission timer, and no MSL, says when the FIN comes again, after a fraction of a second at first, and each FIN starts the minute anew; only a FIN more than a minute after the last is too late",
        zh: "“至少一次”没错，但远远低估了：FIN 何时重来取决于对端的重传定时器而不是 MSL，起初只需零点几秒，而且每次都重新计时一分钟；只有距上一个 FIN 超过一分钟才来不及",
      },
      refuted: { en: "one lost ACK was not made good", zh: "一次丢失也未能补救" },
    },
  },
];
