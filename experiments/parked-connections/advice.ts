import type { Advice, Signs } from "../../harness/experiment.ts";

export const signs: Signs = {
  zh: "接受了，却放在没人取的地方",
  seen: ["ESTAB, Recv-Q above 0, held by a process"],
  mark: {
    en: "the accept queue is empty; some requests were read and not answered, and later ones are not read",
    zh: "全连接队列是空的；有些请求读了没有应答，后来的没有读",
  },
};

export const advice: Advice = {
  untaken: "bytes",
  doubt:
    "workers that each need some seconds look the same: that is a server with too few workers for its load; look again",
  cures: [{ layer: "program", what: "a time limit on what a worker waits for", tried: "fixed" }],
  wrong: ["larger-backlog", "somaxconn-alone"],
};
