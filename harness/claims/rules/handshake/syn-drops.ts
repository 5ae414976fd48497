import { counterSeries } from "../../../measure/counters.ts";
import { samplesOf } from "../../../measure/evidence.ts";
import { segments } from "../../../measure/segments.ts";
import type { Recording } from "../../../model/recording.ts";
import { exactly } from "../../../verdict/bound.ts";
import { figureOf, question } from "../../former.ts";
import type { Question, Rule, Text } from "../../former.ts";

/** Strangers to whom no SYN-ACK ever came: the connections that the queue has turned away. */
function turnedAway(recording: Recording): number {
  const seen = (from: string): Set<number> =>
    new Set(segments(recording, { link: 1, from }).map(({ connection }) => connection));
  const answered = seen("server");
  return [...seen("stranger")].filter((connection) => !answered.has(connection)).length;
}

const DROPS = "TcpExtListenDrops";

/** The counter when the strangers had come and the client had not; it is looked at all the time. */
function dropsOfStrangers(recording: Recording): number | null {
  const come = samplesOf(recording, "intervention").find(({ name }) => name === "the strangers have come");
  if (come === undefined) return null;
  const before = counterSeries(recording, { host: "server", counter: DROPS }).points.filter(
    ({ atUs }) => atUs <= come.atUs,
  );
  return before.at(-1)?.value ?? null;
}

/** How far what the counter says is from how many connections were dropped. */
const isNumberOf = (words: Text, of: (recording: Recording) => [number | null, number | null]): Question =>
  question(["counters", "packet"], (...recordings) => {
    const [said, dropped] = recordings.map(of)[0] ?? [null, null];
    const fill = (text: string): string =>
      text.replace("{}", String(said ?? "?")).replace("{}", String(dropped ?? "?"));
    return {
      holds: said === null || dropped === null ? null : said === dropped,
      observed: { en: fill(words.en), zh: fill(words.zh) },
    };
  });

const SAID: Text = {
  en: `${DROPS} rose by {}, for {} connections that the SYN queue turned away`,
  zh: `${DROPS} 增加 {}，而因半连接队列已满被拒的连接有 {} 个`,
};
const total = (recording: Recording): number | null =>
  counterSeries(recording, { host: "server", counter: DROPS }).last?.value ?? null;

const countsDrops: Rule = {
  id: "C82",
  under: [
    {
      where: { en: "without cookies, and one SYN from each", zh: "关闭 cookie，每个连接只发一个 SYN" },
      in: ["syn-queue-length/short-backlog"],
      asks: [isNumberOf(SAID, (recording) => [dropsOfStrangers(recording), turnedAway(recording)])],
    },
  ],
  beyond: [
    {
      where: { en: "when a client tries again", zh: "客户端会重传 SYN 时" },
      in: ["syn-queue-length/short-backlog"],
      // And the client, who was turned away as well.
      asks: [isNumberOf(SAID, (recording) => [total(recording), turnedAway(recording) + 1])],
    },
    {
      where: {
        en: "when the accept queue is full and the SYN queue is empty",
        zh: "全连接队列已满而半连接队列为空时",
      },
      in: ["accept-queue-length/backlog-4"],
      asks: [
        figureOf(
          { en: `${DROPS} rose by {}`, zh: `${DROPS} 增加 {}` },
          { needs: ["counters"], of: total },
          exactly(0),
        ),
      ],
    },
    {
      where: { en: "with SYN cookies, as by default", zh: "开启 SYN cookie（默认）时" },
      in: ["syn-queue-length/cookies"],
      asks: [
        figureOf(
          { en: `the queue was full, and ${DROPS} rose by {}`, zh: `队列已满，${DROPS} 增加 {}` },
          { needs: ["counters"], of: total },
          exactly(0),
        ),
      ],
    },
  ],
  because: {
    "holds-with-limits": {
      en: 'What netstat -s calls "SYNs to LISTEN sockets dropped" (ListenDrops) counts dropped SYNs, retries included, and those that a full accept queue drops too. TcpExtTCPReqQFullDrop counts the full SYN queue alone; with cookies on, nothing is dropped and SyncookiesSent moves instead',
      zh: "netstat -s 的 “SYNs to LISTEN sockets dropped”（ListenDrops）数的是被丢的 SYN，重传也算，全连接队列满时丢的也算在内。只数半连接队列的是 TcpExtTCPReqQFullDrop；开启 cookie 时什么都不丢，动的是 SyncookiesSent",
    },
    holds: { en: "the counter is the number of connections", zh: "计数就是连接数" },
    refuted: { en: "the counter is not the number of connections", zh: "计数并不等于连接数" },
  },
};

export const rules: Rule[] = [countsDrops];
