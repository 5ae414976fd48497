import type { Recording } from "../../../model/recording.ts";
import { atLeast, atMost, exactly } from "../../../verdict/bound.ts";
import { figureOf, wordsOf } from "../../ask.ts";
import type { Condition, Question, Rule, Text } from "../../claim.ts";
import { count, portsTaken, portSteps, REPORT, result } from "./seen.ts";

const CLIENT_CONNECT = { program: "client", call: "connect" };

/** The connects of experiments/fixed-client-port, in their order. */
const [ELSEWHERE, AGAIN, WHILE_THERE] = [1, 2, 3];

function connectIs(words: Text, place: number, wanted: string): Question {
  return wordsOf(
    words,
    { needs: REPORT, of: (recording) => result(recording, CLIENT_CONNECT, place) },
    wanted,
  );
}

const again: Text = { en: "connect() from it again returned {}", zh: "从该端口再次 connect() 返回 {}" };
const bindsWithIt: Question = figureOf(
  { en: "bind() with SO_REUSEADDR succeeded {} of 4 times", zh: "带 SO_REUSEADDR 的 bind() 4 次成功 {} 次" },
  {
    needs: REPORT,
    of: (recording) => count(recording, { program: "client", call: "bind" }, (one) => one.result === 0),
  },
  exactly(4),
);
const bindIs = (wanted: string): Question =>
  wordsOf(
    { en: "bind() without an option returned {}", zh: "不设选项的 bind() 返回 {}" },
    { needs: REPORT, of: (recording) => result(recording, { program: "client", call: "bind" }, 1) },
    wanted,
  );

const occupied = (where: Text, trial: string, place: number): Condition => ({
  ...{ where, in: [trial] },
  asks: [
    connectIs(
      { en: "a second connect() returned {}", zh: "第二次 connect() 返回 {}" },
      place,
      "EADDRNOTAVAIL",
    ),
  ],
});

function stepsWithin(recording: Recording, wanted: (step: number) => boolean): number | null {
  return portSteps(recording)?.filter(wanted).length ?? null;
}

const isNear: Text = {
  en: "{} of 22 ports were at most 100 above the one before",
  zh: "22 个端口中有 {} 个只比上一个大 100 以内",
};
const areFar: Question = figureOf(
  isNear,
  { needs: REPORT, of: (recording) => stepsWithin(recording, (step) => step > 0 && step <= 100) },
  atMost(3),
);

export const callers: Rule[] = [
  {
    id: "C71",
    under: [
      {
        where: { en: "the kernel's defaults", zh: "内核默认设置" },
        in: ["fixed-client-port/defaults"],
        asks: [bindsWithIt, connectIs(again, AGAIN, "0")],
      },
    ],
    beyond: [
      {
        where: { en: "with net.ipv4.tcp_tw_reuse = 0", zh: "net.ipv4.tcp_tw_reuse = 0" },
        in: ["fixed-client-port/reuse-off"],
        asks: [connectIs(again, AGAIN, "0")],
      },
      {
        where: {
          en: "without timestamps, with net.ipv4.tcp_tw_reuse = 1",
          zh: "没有时间戳，net.ipv4.tcp_tw_reuse = 1",
        },
        in: ["fixed-client-port/no-timestamps"],
        asks: [connectIs(again, AGAIN, "0")],
      },
    ],
    because: {
      "holds-with-limits": {
        en: "A bound port comes out of TIME-WAIT at once where both ends use timestamps, whatever tcp_tw_reuse says. Without timestamps connect() is EADDRNOTAVAIL for 60 s, on Linux too.",
        zh: "双方都用时间戳时，绑定的端口可立即从 TIME_WAIT 中取出，与 tcp_tw_reuse 无关。没有时间戳时，Linux 上 connect() 同样在 60 秒内返回 EADDRNOTAVAIL。",
      },
      holds: {
        en: "The client connected again from its port in every condition.",
        zh: "各种条件下客户端都能从该端口再次连接。",
      },
      refuted: {
        en: "The client could not connect again from its port.",
        zh: "客户端不能从该端口再次连接。",
      },
    },
  },
  {
    id: "C72",
    under: [
      {
        where: { en: "the option alone, as in the document's code", zh: "如文档代码那样只设选项" },
        in: ["client-ports/one-destination"],
        asks: [
          figureOf(
            { en: "23 connections in CLOSE-WAIT had {} ports", zh: "23 个 CLOSE_WAIT 连接占用了 {} 个端口" },
            { needs: REPORT, of: (recording) => new Set(portsTaken(recording)).size || null },
            exactly(1),
          ),
        ],
      },
      {
        where: { en: "the option and a bound port", zh: "设选项并绑定固定端口" },
        in: ["client-ports/bound"],
        asks: [
          figureOf(
            {
              en: "{} of 5 connects succeeded, the others came to EADDRNOTAVAIL",
              zh: "5 次 connect() 成功 {} 次，其余返回 EADDRNOTAVAIL",
            },
            { needs: REPORT, of: (recording) => count(recording, CLIENT_CONNECT, (one) => one.result === 0) },
            exactly(5),
          ),
        ],
      },
    ],
    beyond: [],
    because: {
      refuted: {
        en: "SO_REUSEADDR speaks to bind() alone: connect() takes a new port each time, and every forgotten connection keeps its own. With a bound port there is only one because nothing else connects to that server any more: the cure is close().",
        zh: "SO_REUSEADDR 只影响 bind()：每次 connect() 仍取新端口，忘记关闭的连接各占一个。绑定固定端口后确实只占一个，但那是因为再也连不上同一服务器了：解决办法是 close()。",
      },
      holds: { en: "All connections shared one port.", zh: "所有连接共用一个端口。" },
    },
  },
  {
    id: "C73",
    under: [
      {
        where: { en: "bind() to a port in TIME-WAIT", zh: "bind 处于 TIME_WAIT 的端口" },
        in: ["fixed-client-port/defaults"],
        asks: [bindIs("EADDRINUSE")],
      },
    ],
    beyond: [
      {
        where: { en: "with SO_REUSEADDR, to another destination", zh: "设 SO_REUSEADDR，连接别的目的地" },
        in: ["fixed-client-port/no-timestamps"],
        asks: [
          connectIs(
            { en: "connect() from it returned {}", zh: "从该端口 connect() 返回 {}" },
            ELSEWHERE,
            "EADDRNOTAVAIL",
          ),
        ],
      },
      {
        where: {
          en: "with SO_REUSEADDR, to the same destination, defaults",
          zh: "设 SO_REUSEADDR，连接同一目的地，默认设置",
        },
        in: ["fixed-client-port/defaults"],
        asks: [connectIs(again, AGAIN, "EADDRNOTAVAIL")],
      },
    ],
    because: {
      "holds-with-limits": {
        en: "The document's own remark is right: what waits is the connection, two addresses and two ports. bind() without an option refuses the port; with SO_REUSEADDR it serves any other destination at once, and with timestamps even the same one.",
        zh: "文档自己的括注是对的：等待的是这个连接（四元组）。不设选项的 bind() 拒绝该端口；设 SO_REUSEADDR 后可立即用于任何其他目的地，有时间戳时甚至可用于同一目的地。",
      },
      refuted: {
        en: "A port in TIME-WAIT could be bound without more ado.",
        zh: "处于 TIME_WAIT 的端口可以直接 bind。",
      },
      holds: {
        en: "A port in TIME-WAIT could be used in no way.",
        zh: "处于 TIME_WAIT 的端口怎样都不能用。",
      },
    },
  },
  {
    id: "C75",
    under: [
      {
        where: {
          en: "connect() after connect() to one destination, defaults",
          zh: "默认设置下反复 connect 同一目的地",
        },
        in: ["client-ports/one-destination"],
        asks: [
          figureOf(
            { en: "{} of 22 ports were the one before and one", zh: "22 个端口中有 {} 个等于上一个加 1" },
            { needs: REPORT, of: (recording) => stepsWithin(recording, (step) => step === 1) },
            atLeast(20),
          ),
          figureOf(
            { en: "the median step was {}", zh: "步长的中位数是 {}" },
            { needs: REPORT, of: medianStep },
            exactly(1),
          ),
        ],
      },
    ],
    beyond: [
      {
        where: { en: "one connect() to each of 23 destinations", zh: "向 23 个目的地各 connect 一次" },
        in: ["client-ports/destinations"],
        asks: [
          figureOf(
            { en: "{} of 22 ports were the one before and one", zh: "22 个端口中有 {} 个等于上一个加 1" },
            { needs: REPORT, of: (recording) => stepsWithin(recording, (step) => step === 1) },
            atLeast(20),
          ),
        ],
      },
    ],
    because: {
      obsolete: {
        en: "Each destination has a beginning of its own, from a secret hash; from there connect() goes on in small even steps that are drawn, and leaves ports of the other parity to bind()",
        zh: "每个目的地的起点由带密钥的散列决定；此后 connect() 以随机的小偶数步前进，把另一种奇偶性的端口留给 bind()",
      },
      holds: { en: "Each port was the one before and one.", zh: "每个端口都是上一个加 1。" },
      "holds-with-limits": {
        en: "Each port was the one before and one, for one destination.",
        zh: "对同一目的地，每个端口都是上一个加 1。",
      },
    },
    history: {
      text: {
        en: "Linux 2.4 counted one tcp_port_rover upwards for all destinations",
        zh: "Linux 2.4 对所有目的地共用一个递增的 tcp_port_rover",
      },
      source: "Linux 2.4, net/ipv4/tcp_ipv4.c, tcp_v4_get_port(), which the document names",
    },
  },
  {
    id: "C250",
    under: [
      occupied(
        {
          en: "the first connection is ESTABLISHED, both with SO_REUSEADDR",
          zh: "第一个连接处于 ESTABLISHED，都设 SO_REUSEADDR",
        },
        "fixed-client-port/defaults",
        WHILE_THERE,
      ),
    ],
    beyond: [
      occupied(
        { en: "the first connection is in CLOSE-WAIT", zh: "第一个连接处于 CLOSE_WAIT" },
        "client-ports/bound",
        1,
      ),
      occupied(
        { en: "the first is in TIME-WAIT, without timestamps", zh: "第一个处于 TIME_WAIT，没有时间戳" },
        "fixed-client-port/no-timestamps",
        AGAIN,
      ),
    ],
    because: {
      holds: {
        en: "SO_REUSEADDR lets sockets share a local address and port; connect() still refuses a pair of ends that is there already.",
        zh: "SO_REUSEADDR 只让套接字共用本地地址和端口；五元组已存在时 connect() 仍然拒绝。",
      },
      refuted: {
        en: "Two connections between the same two ends were there at once.",
        zh: "同一五元组同时存在两个连接。",
      },
    },
  },
  {
    id: "C252",
    under: [
      {
        where: { en: "one connect() to each of 23 destinations", zh: "向 23 个目的地各 connect 一次" },
        in: ["client-ports/destinations"],
        asks: [areFar],
      },
    ],
    beyond: [
      {
        where: { en: "23 times to one destination", zh: "反复 connect 同一目的地 23 次" },
        in: ["client-ports/one-destination"],
        asks: [areFar],
      },
    ],
    because: {
      "holds-with-limits": {
        en: "Where a destination's ports begin cannot be guessed. But those that follow lie a few above it: whoever has seen one port knows about where the next is.",
        zh: "每个目的地的起始端口无法预测；但随后的端口只比上一个大一点，看到一个就大致知道下一个。",
      },
      holds: {
        en: "Ports were far apart, for one destination as well.",
        zh: "端口相差很远，同一目的地也是如此。",
      },
      refuted: { en: "The port followed from the one before.", zh: "端口可由上一个推出。" },
    },
  },
];

function medianStep(recording: Recording): number | null {
  const steps = portSteps(recording)?.toSorted((a, b) => a - b);
  return steps === undefined ? null : (steps[Math.floor(steps.length / 2)] ?? null);
}
