import type { Recording } from "../../../model/recording.ts";
import { atLeast, atMost, exactly } from "../../../verdict/bound.ts";
import { figureOf } from "../../former.ts";
import type { Question, Rule, Text } from "../../former.ts";
import { count, portsTaken, portSteps, REPORT } from "./seen.ts";

const CLIENT_CONNECT = { program: "client", call: "connect" };

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

/** Of the ports that the kernel chooses for those who connect. */
export const freePort: Rule[] = [
  {
    id: "C72",
    under: [
      {
        where: { en: "the option alone, as in the document's code", zh: "如文档代码那样只设选项" },
        in: ["client-ports/one-destination"],
        asks: [
          figureOf(
            { en: "23 connections in CLOSE-WAIT had {} ports", zh: "23 个 CLOSE-WAIT 连接占用了 {} 个端口" },
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
