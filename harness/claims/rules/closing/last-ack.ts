import { calls } from "../../../measure/calls.ts";
import { counterDelta } from "../../../measure/counters.ts";
import { sysctl } from "../../../measure/evidence.ts";
import { repeats, wireConnections } from "../../../measure/packets.ts";
import { segments } from "../../../measure/segments.ts";
import { socketSeries } from "../../../measure/sockets.ts";
import type { Recording } from "../../../model/recording.ts";
import { question, wordsOf } from "../../former.ts";
import type { Question, Rule, Text } from "../../former.ts";
import { failures, finsRepeated } from "./seen.ts";

/** What the client's host sent first after the last repetition of the server's FIN. */
function answerToFin(recording: Recording): string | null {
  const packets = wireConnections(recording).find(({ connection }) => connection === 1)?.packets ?? [];
  const last = [...repeats(packets).keys()]
    .filter(({ from, flags, phase }) => from === "server" && flags.includes("FIN") && phase !== "end")
    .at(-1);
  if (last === undefined) return null;
  const answer = packets.find(({ from, atUs }) => from === "client" && atUs > (last.sentUs ?? Infinity));
  return answer?.flags.join("-") ?? null;
}

const answered: Question = wordsOf(
  { en: "the repeated FIN was answered with {}", zh: "重发的 FIN 得到的回答是 {}" },
  { needs: ["packet"], of: answerToFin },
  /RST/,
);

/** Whether the server's program, or a counter that speaks of resets, was told of the RST. */
const isTold: Question = question(["report", "counters"], (recording) => {
  const errors = failures(recording, "server").map(({ call, result }) => `${call}() = ${result}`);
  const resets = counterDelta(recording, { host: "server", counter: "TcpEstabResets" });
  const told = errors.join(", ");
  return {
    holds: resets === null ? null : errors.length > 0 || resets > 0,
    observed: {
      en: `${told === "" ? "no call of the server's failed" : told}, TcpEstabResets +${resets ?? "?"}`,
      zh: `${told === "" ? "服务端没有任何调用出错" : told}，TcpEstabResets +${resets ?? "?"}`,
    },
  };
});

/** Whether the LAST-ACK of a server that has closed was still there when the trial ended. */
const staysFor: Question = question(["sockets"], (recording) => {
  const series = socketSeries(recording, { host: "server", state: "LAST-ACK", owner: "none" });
  const last = series.during("drain").last?.value ?? null;
  const seen = series.points.filter(({ value }) => value > 0);
  const seconds = (((seen.at(-1)?.atUs ?? 0) - (seen[0]?.atUs ?? 0)) / 1e6).toFixed(1);
  return {
    holds: seen.length === 0 || last === null ? null : last > 0,
    observed: {
      en: `LAST-ACK for ${seconds} s, ${last === 0 ? "and then gone" : "and still there"}`,
      zh: `LAST-ACK 持续 ${seconds} 秒，${last === 0 ? "随后消失" : "仍在"}`,
    },
  };
});

const synReset: Question = question(["packet", "report"], (recording) => {
  const resets = segments(recording, { from: "server", flags: ["RST"] }).filter(
    ({ phase }) => phase !== "end",
  ).length;
  const connected = calls(recording, { program: "client", call: "connect" }).filter(
    ({ result }) => result === 0,
  );
  const challenges = counterDelta(recording, { host: "server", counter: "TcpExtTCPSYNChallenge" });
  const isMet = wireConnections(recording).length > 1;
  return {
    holds: isMet ? resets > 0 : null,
    observed: {
      en: `RSTs from the server: ${resets}, SYNs answered with an ACK: ${challenges ?? "?"}; connect() succeeded ${connected.length} times of 2`,
      zh: `服务端发出 RST ${resets} 个，以 ACK 应答的 SYN ${challenges ?? "?"} 个；connect() 两次成功 ${connected.length} 次`,
    },
  };
});

/** FINs repeated by one of the four sockets of `orphans`, beside what tcp_orphan_retries says: so often, or once more. */
const ruledByIt = (connection: number): Question =>
  question(["packet"], (recording) => {
    const times = finsRepeated(recording, "server", connection);
    const said = sysctl(recording, "net.ipv4.tcp_orphan_retries", "server");
    // The number stands for a time, and by the measure of real timers that may be one more.
    const isIt = (set: number): boolean => times === set || times === set + 1;
    return {
      holds: times === null || said === null ? null : isIt(Number(said)),
      observed: {
        en: `tcp_orphan_retries = ${said ?? "?"}: FIN repeated ${times ?? "?"} times`,
        zh: `tcp_orphan_retries = ${said ?? "?"}：FIN 重发 ${times ?? "?"} 次`,
      },
    };
  });

const CLOSED = 3;
const HELD = 4;
const WITHOUT: Text = {
  en: "no TIME-WAIT at the client (tcp_max_tw_buckets = 0), its last ACK lost",
  zh: "客户端不留 TIME-WAIT（tcp_max_tw_buckets = 0），最后一个 ACK 丢失",
};

/** LAST-ACK, and what TIME-WAIT at the other end spares it. */
export const rules: Rule[] = [
  {
    id: "C60",
    under: [
      {
        where: { en: "after close(), no FIN arrives", zh: "close() 之后，FIN 全部丢失" },
        in: ["orphans/few-retries"],
        asks: [ruledByIt(CLOSED)],
      },
      {
        where: { en: "the same, with another number", zh: "同样情形，换一个数值" },
        in: ["orphans/short-longest-wait"],
        asks: [ruledByIt(CLOSED)],
      },
    ],
    beyond: [
      {
        where: {
          en: "after shutdown(), held by a process, tcp_retries2 = 4",
          zh: "shutdown() 之后，进程仍持有，tcp_retries2 = 4",
        },
        in: ["orphans/few-retries"],
        asks: [ruledByIt(HELD)],
      },
    ],
    because: {
      "holds-with-limits": {
        en: "A LAST-ACK that came of close() is an orphan, and heeds tcp_orphan_retries. One whose process only shut it down heeds tcp_retries2. The number stands for a time, so there may be one repetition more.",
        zh: "close() 之后的 LAST-ACK 是孤儿，受 tcp_orphan_retries 控制；进程只做了 shutdown() 的则按 tcp_retries2。这个数值代表的是一段时间，实际可能多重发一次。",
      },
    },
  },
  {
    id: "C61",
    under: [
      { where: WITHOUT, in: ["last-ack-lost/no-time-wait"], asks: [answered] },
      {
        where: { en: "there, a server that has called close()", zh: "此时服务端已调用 close()" },
        in: ["last-ack-lost/no-time-wait"],
        asks: [isTold],
      },
    ],
    beyond: [
      {
        where: {
          en: "there, a server that shut down and still has the descriptor",
          zh: "此时服务端只做了 shutdown()，仍持有描述符",
        },
        in: ["last-ack-lost/no-time-wait-and-kept"],
        asks: [answered, isTold],
      },
    ],
    because: {
      refuted: {
        en: "The first half is right: a RST. The second is not: in LAST-ACK after close() there is nobody left to take it for an error. close() returned 0 long before, and no counter of resets moves. Only a program that shut down and still has the descriptor gets ECONNRESET, if it asks.",
        zh: "前半句对：确实回 RST。后半句不成立：close() 之后的 LAST-ACK 已没有进程，谁也不会“认为出错”——close() 早就返回了 0，复位计数器也不动。只有用 shutdown() 且仍持有描述符的程序，主动去问才会得到 ECONNRESET。",
      },
      holds: {
        en: "the RST came, and the server was told of it.",
        zh: "RST 来了，服务端也得知了错误。",
      },
    },
  },
  {
    id: "C62",
    under: [
      { where: WITHOUT, in: ["last-ack-lost/no-time-wait"], asks: [staysFor] },
      {
        where: { en: "there, a new SYN from the same port", zh: "此时同一端口又发来新的 SYN" },
        in: ["last-ack-lost/port-used-again"],
        asks: [synReset],
      },
    ],
    beyond: [
      {
        where: {
          en: "when the client's host is never heard again, tcp_orphan_retries = 2",
          zh: "客户端主机从此毫无音讯，tcp_orphan_retries = 2",
        },
        in: ["orphans/few-retries"],
        asks: [staysFor],
      },
    ],
    because: {
      refuted: {
        en: "LAST-ACK has a timer: its repeated FIN is answered with a RST by a host that knows nothing, and where no host answers the kernel gives up after tcp_orphan_retries. A new SYN is answered with an ACK (RFC 5961), the client resets that, and its next SYN goes through: connect() succeeds a round trip later.",
        zh: "LAST-ACK 有定时器：重发的 FIN 会被不认识该连接的主机回以 RST；若对端毫无应答，重试 tcp_orphan_retries 耗尽后内核也会放弃。新 SYN 得到的是 ACK（RFC 5961）而不是 RST，客户端对它回 RST，随后重发的 SYN 就能通过：connect() 只是晚一个往返。",
      },
      holds: {
        en: "LAST-ACK stayed until the trial's end, and the new SYN met a RST.",
        zh: "直到试验结束仍是 LAST-ACK，新的 SYN 被回以 RST。",
      },
    },
  },
];
