import { sysctl } from "../../../measure/evidence.ts";
import { segments } from "../../../measure/segments.ts";
import { socketSeries } from "../../../measure/sockets.ts";
import { exactly } from "../../../verdict/bound.ts";
import { figureOf, question, wordsOf } from "../../former.ts";
import type { Question, Rule, Text } from "../../former.ts";
import { finsRepeated, windowProbes } from "./seen.ts";

/** Of the trials in which no FIN arrives, by the order of their SYNs: closed and held in FIN-WAIT-1, and closed in LAST-ACK. */
const CLOSED_FIRST = 1;
const HELD_FIRST = 2;
const CLOSED_SECOND = 3;
const ORPHAN_RETRIES = "net.ipv4.tcp_orphan_retries";

/** Repetitions of a FIN by sockets that differ in one thing. */
const repeatedAlike = (what: Text, [one, other]: [[string, number], [string, number]]): Question =>
  question(["packet"], (recording) => {
    const [first, second] = [one, other].map(([host, nth]) => finsRepeated(recording, host, nth));
    const isKnown = first !== null && first !== undefined && second !== null && second !== undefined;
    const figures = `${first ?? "?"} / ${second ?? "?"}`;
    return {
      holds: isKnown ? first === second : null,
      observed: { en: `${what.en}: ${figures}`, zh: `${what.zh}：${figures}` },
    };
  });

const probed = (link: number, host: string): Question =>
  question(["packet"], (recording) => {
    const tries = windowProbes(recording, link);
    const set = sysctl(recording, ORPHAN_RETRIES, host);
    return {
      holds: tries === null || set === null ? null : tries === 8,
      observed: {
        en: `tcp_orphan_retries = ${set ?? "?"}: ${tries ?? "?"} tries`,
        zh: `tcp_orphan_retries = ${set ?? "?"}：试了 ${tries ?? "?"} 次`,
      },
    };
  });

const isZero: Question = wordsOf(
  { en: "tcp_orphan_retries is {}", zh: "tcp_orphan_retries 是 {}" },
  { needs: [], of: (recording) => sysctl(recording, ORPHAN_RETRIES, "client") },
  "0",
);

const finsSent: Question = figureOf(
  { en: "FINs sent: {}", zh: "发出的 FIN：{} 个" },
  {
    needs: ["packet"],
    of: (recording) =>
      segments(recording, { from: "server", flags: ["FIN"] }).filter(({ phase }) => phase !== "end").length,
  },
  exactly(0),
);

/** For how long a socket was seen in FIN-WAIT-1, and whether it still was at the end. */
const staysIn = (owner: readonly ("none" | "listener" | "process")[]): Question =>
  question(["sockets"], (recording) => {
    const series = socketSeries(recording, { host: "server", state: "FIN-WAIT-1", owner });
    const last = series.during("drain").last?.value ?? null;
    const seen = series.points.filter(({ value }) => value > 0);
    const seconds = (((seen.at(-1)?.atUs ?? 0) - (seen[0]?.atUs ?? 0)) / 1e6).toFixed(1);
    return {
      holds: seen.length === 0 || last === null ? null : last > 0,
      observed: {
        en: `FIN-WAIT-1 for ${seconds} s, ${last === 0 ? "and then gone" : "and still there"}`,
        zh: `FIN-WAIT-1 持续 ${seconds} 秒，${last === 0 ? "随后消失" : "仍在"}`,
      },
    };
  });

/** For how long a kernel goes on with what the other end does not take. */
export const rules: Rule[] = [
  {
    id: "C56",
    under: [
      {
        where: {
          en: "FIN-WAIT-1 after close() and after shutdown(), tcp_orphan_retries = 2, tcp_retries2 = 4, no FIN arrives",
          zh: "close() 与 shutdown() 之后的 FIN-WAIT-1，tcp_orphan_retries = 2、tcp_retries2 = 4，FIN 全部丢失",
        },
        in: ["orphans/few-retries"],
        asks: [
          repeatedAlike(
            { en: "FIN repeated, closed / held by a process", zh: "FIN 重发次数（已 close / 进程仍持有）" },
            [
              ["client", CLOSED_FIRST],
              ["client", HELD_FIRST],
            ],
          ),
        ],
      },
    ],
    beyond: [],
    because: {
      refuted: {
        en: "It is for orphans, as its name says, in whatever state they are. A FIN-WAIT-1 whose process has only shut it down is repeated as often as tcp_retries2 says, which by default is for a quarter of an hour.",
        zh: "正如其名，它只管孤儿，而且与状态无关。进程只做了 shutdown() 的 FIN-WAIT-1 按 tcp_retries2 重发，默认要一刻钟左右。",
      },
      holds: {
        en: "here a FIN is repeated equally often whether a process holds the socket or not.",
        zh: "这里无论有没有进程持有，FIN 重发的次数都一样。",
      },
    },
  },
  {
    id: "C57",
    under: [
      {
        where: {
          en: "an orphan before a closed window, never answered; nothing set, and 8 said",
          zh: "孤儿面对零窗口且对端不再应答；不设与显式设 8",
        },
        in: ["orphans/unanswered-probes"],
        asks: [isZero, probed(0, "client"), probed(1, "other")],
      },
    ],
    beyond: [
      {
        where: {
          en: "when the timer has reached its longest (tcp_rto_max_ms = 1000)",
          zh: "重传定时器已到上限时（tcp_rto_max_ms = 1000）",
        },
        in: ["orphans/short-longest-wait"],
        asks: [
          repeatedAlike({ en: "FIN repeated with 0 / with 8", zh: "FIN 重发次数（设 0 / 设 8）" }, [
            ["client", CLOSED_FIRST],
            ["server", CLOSED_SECOND],
          ]),
        ],
      },
    ],
    because: {
      "holds-with-limits": {
        en: "0 stands for 8 as long as the timer is below its longest (120 s unless set); from there on, and after an ICMP error, 0 is 0. For a FIN, 8 is a time: 102 s, that of eight doublings from 200 ms, in which a slow path has fewer tries.",
        zh: "只要重传定时器未到上限（默认 120 秒），0 就按 8 处理；到了上限或收到 ICMP 差错后，0 就是 0。对 FIN 而言，8 其实是一段时间：从 200 ms 起翻倍八次，共 102 秒；往返慢的路径在此期间试不到八次。",
      },
      refuted: {
        en: "an orphan with the default of 0 did not get eight tries here.",
        zh: "这里默认值 0 的孤儿并没有试八次。",
      },
    },
  },
  {
    id: "C58",
    under: [
      {
        where: {
          en: "after close(), probes answered, no timer longer than 2 s",
          zh: "close() 之后，每次探测都有应答，定时器上限设为 2 秒",
        },
        in: ["orphans/zero-window"],
        asks: [finsSent, staysIn(["none"])],
      },
    ],
    beyond: [
      {
        where: { en: "after shutdown(), held by a process", zh: "shutdown() 之后，进程仍持有" },
        in: ["orphans/zero-window"],
        asks: [finsSent, staysIn(["listener", "process"])],
      },
    ],
    because: {
      obsolete: {
        en: "A closed window does keep the FIN back, but an orphan is given up, though it is answered, when its probes have backed off to the longest timer: with the default of 120 s that is after 5 to 6 minutes. Only a socket that a process still holds is probed for ever",
        zh: "零窗口确实会把 FIN 压住，但孤儿即使次次得到应答，探测间隔退避到定时器上限时也会被放弃：默认上限 120 秒，约五六分钟。只有进程仍持有的套接字才会一直探测下去",
      },
      holds: {
        en: "here an orphan that is answered is kept for as long as the window stays closed.",
        zh: "这里只要窗口一直为零且有应答，孤儿就一直保留。",
      },
    },
    history: {
      text: {
        en: "before Linux 3.18 each answer set the count of probes back, and such an orphan stayed",
        zh: "Linux 3.18 之前，每个应答都会把探测计数清零，这样的孤儿会一直存在",
      },
      source:
        "Linux commit b248230c34970a6c1c17c591d63b464e8d2cfc33, tcp: abort orphan sockets stalling on zero window probes (2014-09-29)",
    },
  },
  {
    id: "C244",
    under: [
      {
        where: { en: "a fresh network namespace, nothing set", zh: "全新的网络命名空间，未作设置" },
        in: ["orphans/unanswered-probes"],
        asks: [isZero],
      },
    ],
    beyond: [],
    because: {
      holds: {
        en: "A fresh namespace has 0, and 0 is no number of tries but stands for one (C57).",
        zh: "全新命名空间里就是 0；0 并不是次数，而是代指（见 C57）。",
      },
      refuted: {
        en: "a fresh namespace has another default here.",
        zh: "这里全新命名空间的默认值不是 0。",
      },
    },
  },
];
