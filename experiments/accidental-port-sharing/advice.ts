import type { Advice, Signs } from "../../harness/experiment.ts";

export const signs: Signs = {
  zh: "一个端口上有两个服务器，而只该有一个",
  seen: ["LISTEN, two rows of one port"],
  mark: {
    en: "both queues are empty: two processes accept that began apart and have no common master",
    zh: "两个队列都空：两个进程都在 accept，它们先后启动，没有共同的主进程",
  },
};

export const advice: Advice = {
  doubt:
    "a worker without a master that a supervisor has restarted alone looks the same: compare the two commands",
  cures: [
    {
      layer: "program",
      what: "SO_REUSEADDR in place of SO_REUSEPORT: the second program then fails at its start",
      tried: "fixed",
    },
    {
      layer: "configuration",
      what: "end the older process, and switch off the option that shares the port (reuse_port, reusePort)",
    },
  ],
  wrong: ["reuseport-for-restarts"],
};
