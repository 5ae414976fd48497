import { exactly } from "../../../verdict/bound.ts";
import { figureOf, wordsOf } from "../../former.ts";
import type { Condition, Question, Rule, Text } from "../../former.ts";
import { count, REPORT, result } from "./seen.ts";

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
  where,
  in: [trial],
  asks: [
    connectIs(
      { en: "a second connect() returned {}", zh: "第二次 connect() 返回 {}" },
      place,
      "EADDRNOTAVAIL",
    ),
  ],
});

/** Of a client that binds the port from which it connects. */
export const fixedPort: Rule[] = [
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
        zh: "双方都用时间戳时，绑定的端口可立即从 TIME-WAIT 中取出，与 tcp_tw_reuse 无关。没有时间戳时，Linux 上 connect() 同样在 60 秒内返回 EADDRNOTAVAIL。",
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
    id: "C73",
    under: [
      {
        where: { en: "bind() to a port in TIME-WAIT", zh: "bind 处于 TIME-WAIT 的端口" },
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
        zh: "处于 TIME-WAIT 的端口可以直接 bind。",
      },
      holds: {
        en: "A port in TIME-WAIT could be used in no way.",
        zh: "处于 TIME-WAIT 的端口怎样都不能用。",
      },
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
        { en: "the first connection is in CLOSE-WAIT", zh: "第一个连接处于 CLOSE-WAIT" },
        "client-ports/bound",
        1,
      ),
      occupied(
        { en: "the first is in TIME-WAIT, without timestamps", zh: "第一个处于 TIME-WAIT，没有时间戳" },
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
];
