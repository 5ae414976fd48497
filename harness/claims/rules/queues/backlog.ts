import { samplesOf } from "../../../measure/evidence.ts";
import type { Recording } from "../../../model/recording.ts";
import { exactly, type Bound } from "../../../verdict/bound.ts";
import { figureOf, question } from "../../former.ts";
import type { ClaimAnswer, Question, Rule, Text } from "../../former.ts";
import { mostHalfOpen, sysctlIs } from "../handshake/seen.ts";

/** Send-Q of the server's listener, in the first look that has it and in the last one. */
function sendQueue(recording: Recording): { first: number; last: number; isSame: boolean } | null {
  const looks = samplesOf(recording, "listeners", "server").flatMap(({ listeners }) => listeners);
  const [first, last] = [looks.at(0), looks.at(-1)];
  if (first === undefined || last === undefined) return null;
  return { first: first.backlog, last: last.backlog, isSame: first.inode === last.inode };
}

const sendQueueIs = (bound: Bound): Question =>
  figureOf(
    { en: "Send-Q was {}", zh: "Send-Q 为 {}" },
    { needs: ["listeners"], of: (recording) => sendQueue(recording)?.first ?? null },
    bound,
  );

/** What Send-Q was at first and became. */
function becomes(holds: (queue: { first: number; last: number; isSame: boolean }) => boolean): Question {
  return question(["listeners"], (...recordings): ClaimAnswer => {
    const queue = recordings.map(sendQueue)[0] ?? null;
    const numbers = `${queue?.first ?? "?"} → ${queue?.last ?? "?"}`;
    const kept: Text = queue?.isSame === true ? KEPT : { en: "", zh: "" };
    return {
      holds: queue === null ? null : holds(queue),
      observed: { en: `Send-Q ${numbers}${kept.en}`, zh: `Send-Q ${numbers}${kept.zh}` },
    };
  });
}
const KEPT: Text = { en: ", the same socket", zh: "，还是同一个套接字" };

const stays = becomes(({ first, last }) => first === last);

const afterRestart: Rule = {
  id: "C80",
  under: [
    {
      where: {
        en: "somaxconn is raised from 128 to 4096 under nginx",
        zh: "nginx 运行中把 somaxconn 从 128 调到 4096",
      },
      in: ["listener-backlog/somaxconn-raised"],
      asks: [stays],
    },
    {
      where: { en: "and nginx is restarted", zh: "再重启 nginx" },
      in: ["listener-backlog/somaxconn-raised-restart"],
      asks: [becomes(({ first, last }) => last > first)],
    },
  ],
  beyond: [
    {
      where: { en: "and nginx only reads its configuration again", zh: "nginx 只 reload、配置未变" },
      in: ["listener-backlog/somaxconn-raised-reload"],
      asks: [stays],
    },
    {
      where: {
        en: "when backlog= is raised and nginx reads its configuration again",
        zh: "调大 backlog= 后只 reload",
      },
      in: ["listener-backlog/backlog-raised-reload"],
      asks: [stays],
    },
    {
      where: {
        en: "when tcp_max_syn_backlog is raised from 16 to 1024 under a listener",
        zh: "监听中把 tcp_max_syn_backlog 从 16 调到 1024",
      },
      in: ["syn-queue-length/narrow-sysctl", "syn-queue-length/narrow-sysctl-raised"],
      asks: [
        question(["sockets"], (...recordings) => {
          const [before = null, after = null] = recordings.map(mostHalfOpen);
          const numbers = `${before ?? "?"} → ${after ?? "?"}`;
          return {
            holds: before === null || after === null ? null : before === after,
            observed: { en: `the SYN queue took ${numbers}`, zh: `半连接队列容纳 ${numbers}` },
          };
        }),
      ],
    },
  ],
  because: {
    "holds-with-limits": {
      en: "listen() takes the smaller of backlog and somaxconn, and nobody looks at somaxconn again. But a second listen() on the same socket changes the limit, and a reload of nginx makes it when backlog= has changed: no restart. tcp_max_syn_backlog is read for every SYN and needs neither",
      zh: "listen() 取 backlog 与 somaxconn 中较小者，此后不再看 somaxconn。但对同一套接字再次调用 listen() 就能改，backlog= 有变化时 nginx reload 就会这样做，不必重启；tcp_max_syn_backlog 每来一个 SYN 都会读取，两者都不需要",
    },
    holds: { en: "nothing but a restart changed anything", zh: "除了重启，怎么改都不生效" },
    refuted: { en: "the running listener followed the sysctl", zh: "运行中的监听套接字会跟着参数变" },
  },
};

const somaxconnDefault: Rule = {
  id: "C85a",
  under: [
    {
      where: { en: "in a fresh network namespace", zh: "新建的网络命名空间里" },
      in: ["listener-backlog/nginx"],
      asks: [sysctlIs("server", "net.core.somaxconn", "128")],
    },
  ],
  beyond: [],
  because: {
    obsolete: {
      en: "It is 4096 now, so that the backlog that the program asks for is nearly always the limit",
      zh: "现在默认是 4096，真正起作用的几乎总是程序自己传的 backlog",
    },
    holds: { en: "this kernel still begins with 128", zh: "这个内核的初值仍是 128" },
  },
  history: {
    text: { en: "it was 128 until Linux 5.3", zh: "Linux 5.3 及以前默认为 128" },
    source: "commit 19f92a030ca6 (Linux 5.4); Documentation/networking/ip-sysctl.rst, somaxconn",
  },
};

const serversDefault: Rule = {
  id: "C85b",
  under: [
    {
      where: { en: "nginx", zh: "nginx" },
      in: ["listener-backlog/nginx"],
      asks: [sendQueueIs(exactly(511))],
    },
  ],
  beyond: [
    {
      where: { en: "Node's http", zh: "Node 的 http" },
      in: ["listener-backlog/node"],
      asks: [sendQueueIs(exactly(511))],
    },
    {
      where: { en: "Python's http.server", zh: "Python 的 http.server" },
      in: ["listener-backlog/python"],
      asks: [sendQueueIs(exactly(511))],
    },
    {
      where: { en: "nginx under the somaxconn of old kernels, 128", zh: "nginx，somaxconn 为旧内核的 128" },
      in: ["listener-backlog/somaxconn-raised"],
      asks: [sendQueueIs(exactly(511))],
    },
  ],
  because: {
    "holds-with-limits": {
      en: "nginx on Linux asks for 511, and so does Node; Python's http.server asks for 5. Each gets no more than somaxconn. Apache and Tomcat were not tried: Apache's documentation says 511 (ListenBackLog), Tomcat's says 100 (acceptCount)",
      zh: "Linux 上的 nginx 和 Node 要的是 511，Python 的 http.server 只要 5，而且都不会超过 somaxconn。这里没有试 Apache 和 Tomcat：按各自文档，Apache 是 511（ListenBackLog），Tomcat 是 100（acceptCount）",
    },
    holds: { en: "all that were tried asked for 511", zh: "试过的都是 511" },
    refuted: { en: "nginx asked for something else", zh: "nginx 要的不是 511" },
  },
};

export const rules: Rule[] = [afterRestart, somaxconnDefault, serversDefault];
