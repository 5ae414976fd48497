import type { Advice, Signs } from "../../harness/experiment.ts";

export const signs: Signs = {
  zh: "借出去没有还回来的连接池",
  seen: ["ESTAB, empty queues, at the listening end", "ESTAB, empty queues, at the connecting end"],
  mark: {
    en: "clients that were read get no answer, while the process's connections to another service are quiet, and it sleeps",
    zh: "读过请求的客户端得不到应答，而进程通向另一个服务的连接都没有动静，进程在睡眠",
  },
};

export const advice: Advice = {
  doubt:
    "a program that keeps requests on purpose (long polling) beside an idle pool looks the same for a while",
  cures: [
    { layer: "program", what: "a connection goes back into the pool on every way out", tried: "fixed" },
    {
      layer: "program",
      what: "a time limit on the wait for a connection, and an answer that says so",
      tried: "fixed-by-timeout",
    },
  ],
  wrong: ["larger-pool", "more-descriptors"],
};
