import { calls } from "../../../measure/calls.ts";
import { nearestToLimit } from "../../../measure/processes.ts";
import { socketSeries } from "../../../measure/sockets.ts";
import type { Recording } from "../../../model/recording.ts";
import type { TcpState } from "../../../model/state.ts";
import { atLeast, atMost } from "../../../verdict/bound.ts";
import { figureOf, question } from "../../former.ts";
import type { Question, Rule } from "../../former.ts";
import { allServed, someTurnedAway } from "./answers.ts";

/** How many connections in a state the listening end had at once. */
function most(recording: Recording, state: TcpState): number | null {
  return socketSeries(recording, { host: "server", side: "listener", port: 8080, state }).peak?.value ?? null;
}

/** That there are never more connections in a state than the server may have descriptors. */
function noMoreThanDescriptors(state: TcpState): Question {
  return question(["sockets", "processes"], (recording) => {
    const limit = nearestToLimit(recording, { program: "server" })?.limit ?? null;
    const count = most(recording, state);
    const [some, all] = [count ?? "?", limit ?? "?"];
    return {
      holds: count === null || limit === null ? null : count <= limit,
      observed: {
        en: `${some} connections in ${state} at once, where the process may have ${all} descriptors`,
        zh: `同时有 ${some} 个 ${state} 连接，而进程最多只能有 ${all} 个描述符`,
      },
    };
  });
}

const descriptorsLeft: Question = figureOf(
  { en: "{} descriptors were left to the server", zh: "服务器还剩 {} 个描述符" },
  {
    needs: ["processes"],
    of: (recording) => {
      const use = nearestToLimit(recording, { program: "server" });
      return use === null ? null : Math.max(0, use.limit - use.descriptors);
    },
  },
  atMost(2),
);

export const rules: Rule[] = [
  {
    id: "C98",
    under: [
      {
        where: { en: "where connections want more than the limit", zh: "想要的连接多于上限时" },
        in: ["idle-connection-hoard/buggy"],
        asks: [descriptorsLeft, someTurnedAway],
      },
      {
        where: { en: "the same connections, with a larger limit", zh: "同样的连接，上限调大之后" },
        in: ["connection-limits/many-descriptors"],
        asks: [allServed],
      },
      {
        where: { en: "a server that blocks in accept()", zh: "阻塞在 accept() 上的服务器" },
        in: ["connection-limits/queued"],
        asks: [
          figureOf(
            { en: "accept() failed with EMFILE {} times", zh: "accept() 以 EMFILE 失败了 {} 次" },
            {
              needs: ["report"],
              of: (recording) =>
                calls(recording, { program: "server", call: "accept" }).filter(
                  ({ result }) => result === "EMFILE",
                ).length,
            },
            atLeast(1),
          ),
        ],
      },
    ],
    beyond: [
      {
        where: { en: "connections that wait to be accepted", zh: "还在等 accept() 的连接" },
        in: ["connection-limits/queued"],
        asks: [noMoreThanDescriptors("ESTABLISHED")],
      },
      {
        where: { en: "connections that the server has closed", zh: "服务器已经关闭的连接" },
        in: ["connection-limits/short"],
        asks: [noMoreThanDescriptors("TIME-WAIT")],
      },
    ],
    because: {
      "holds-with-limits": {
        en:
          "each connection that a process holds takes a descriptor, and when `ulimit -n` is reached accept() fails with EMFILE; but one in the accept queue has none yet, " +
          "and one in TIME-WAIT none any more. fs.file-max is the same limit for the whole machine (and the file is /etc/security/limits.conf)",
        zh:
          "进程手里的每个连接占一个描述符，达到 ulimit -n 后 accept() 返回 EMFILE；但全连接队列里的连接还没有描述符，TIME-WAIT 的已经没有了。" +
          "fs.file-max 是整机的同类上限（另外，文件名应为 /etc/security/limits.conf）",
      },
      holds: {
        en: "there was never a connection without a descriptor, and with more of them there were more connections",
        zh: "没有出现过不占描述符的连接；描述符多了，连接才多",
      },
      refuted: {
        en: "more descriptors made no difference, or their end turned nobody away",
        zh: "描述符的多少不起作用，或者用尽之后并没有客户端被拒之门外",
      },
    },
  },
];
