import type { Advice, Signs } from "../../harness/experiment.ts";

export const signs: Signs = {
  zh: "正被替换的进程还会分到连接，却不接受",
  seen: ["LISTEN, two rows of one port", "LISTEN, Recv-Q above 0 in every sample"],
  mark: {
    en: "the queue of one of the two rows stands and never falls, while the other's is empty",
    zh: "两行中一行的队列只增不减，另一行是空的",
  },
};

export const advice: Advice = {
  doubt: "a worker that is busy with one long request looks the same, until that request is over",
  cures: [
    {
      layer: "configuration",
      what: "end the process that no longer accepts; what waits in its queue is reset",
    },
  ],
  wrong: ["larger-backlog", "abort-on-overflow", "open-port"],
};
