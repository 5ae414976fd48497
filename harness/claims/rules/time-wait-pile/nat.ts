import type { Recording } from "../../../model/recording.ts";
import { atLeast, exactly } from "../../../verdict/bound.ts";
import { figure } from "../../../verdict/wording.ts";
import { figureOf, question } from "../../former.ts";
import type { Question, Rule } from "../../former.ts";
import { attempts } from "../../../measure/attempts.ts";
import { attemptsThat, mostTimeWait } from "./figures.ts";

/** How many ports all clients of these trials have, or their router. */
const PORTS = 46;

/** That a port is used once, and then waits: 240 s for each would be 0.19 connections a second from behind these. */
const onceEach: Question = question(["attempt"], (recording) => {
  const [ok, each] = [attemptsThat(recording, "ok"), rate(recording)];
  return {
    holds: ok === null ? null : ok <= PORTS,
    observed: {
      en: `${ok ?? "?"} connections from behind ${PORTS} ports, ${figure(each ?? 0)} a second, where 240 s a port would be 0.19`,
      zh: `${PORTS} 个端口建立了 ${ok ?? "?"} 个连接，每秒 ${figure(each ?? 0)} 个，而按每端口 240 秒计算只有 0.19 个`,
    },
  };
});

/** Connections a second, from the first that was asked for to the last that was answered. */
function rate(recording: Recording): number | null {
  const all = attempts(recording).filter(({ outcome }) => outcome === "ok");
  const begun = all.map(({ atUs }) => atUs);
  const over = all.map(({ atUs, totalMs }) => atUs + 1000 * (totalMs ?? 0));
  return all.length < 2 ? null : (all.length * 1e6) / (Math.max(...over) - Math.min(...begun));
}

/** What one address in front of a server costs. */
export const nat: Rule[] = [
  {
    id: "C68",
    under: [
      {
        where: {
          en: "behind a router that gives all connections one address and 46 ports",
          zh: "路由器把所有连接转换为一个地址、46 个端口",
        },
        in: ["nat-shares-ports/router"],
        asks: [onceEach],
      },
      {
        where: { en: "from one client with 46 ports", zh: "只有 46 个端口的单个客户端" },
        in: ["nat-shares-ports/no-router"],
        asks: [onceEach],
      },
    ],
    beyond: [
      {
        where: { en: "as for how long they took", zh: "就建连耗时而言" },
        in: ["nat-shares-ports/router"],
        asks: [
          figureOf(
            { en: "{} of 199 took 0.9 s or longer to connect", zh: "199 个连接中 {} 个建连耗时超过 0.9 秒" },
            {
              needs: ["attempt"],
              of: (recording) =>
                attempts(recording).filter(({ connectMs }) => connectMs !== null && connectMs >= 900).length,
            },
            atLeast(1),
          ),
        ],
      },
      {
        where: { en: "as for the pairs that are in TIME-WAIT", zh: "就处于 TIME-WAIT 的四元组数而言" },
        in: ["nat-shares-ports/router"],
        asks: [
          figureOf(
            { en: "{} at the server at once", zh: "服务端同时有 {} 个" },
            { needs: ["sockets"], of: (recording) => mostTimeWait(recording, "server") },
            exactly(PORTS),
          ),
        ],
      },
    ],
    because: {
      refuted: {
        en: "A pair in TIME-WAIT at a listening server is not barred: a SYN with a newer timestamp or a higher number begins the next connection at once, and any other ends the TIME-WAIT, so that the client's next SYN gets in. The text takes it back itself, after its author had measured. What a NAT adds on this kernel is that second SYN, where a port comes back within the minute: mostly some 10 ms, and a second or more where that SYN meets another such port.",
        zh: "监听端处于 TIME-WAIT 的四元组并没有被禁用：时间戳更新或序列号更大的 SYN 会立即开始新连接，其他 SYN 会终结 TIME-WAIT，客户端重传的 SYN 即可建连。原文作者实测后自己也否定了这个说法。在这个内核上 NAT 带来的影响是：端口在一分钟内被复用时，不少连接要重传一次 SYN，多数只多花约 10 毫秒；若重传的 SYN 又撞上这样的端口，则要多等一秒以上。",
      },
      holds: {
        en: "On this kernel, or behind this router, a port that was used waits for its TIME-WAIT to end.",
        zh: "在这个内核（或这个路由器）上，用过的端口要等 TIME-WAIT 结束才能再用。",
      },
    },
  },
];
