import type { Advice, Signs } from "../../harness/experiment.ts";

export const signs: Signs = {
  zh: "等空闲连接的优雅退出",
  seen: ["ESTAB, empty queues, at the listening end"],
  mark: {
    en: "the process listens no more, sleeps, and holds connections over which nothing goes",
    zh: "进程已不再监听，在睡眠，握着没有任何往来的连接",
  },
};

export const advice: Advice = {
  doubt: "a server that drains with a deadline looks the same until then: compare its configured time",
  cures: [
    {
      layer: "program",
      what: "end the idle connections at once, and tell the others to close after their answer",
      tried: "fixed",
    },
    { layer: "program", what: "a deadline: what is left then is destroyed", tried: "fixed-by-deadline" },
    {
      layer: "configuration",
      what: "the supervisor's limit ends it in the end (TimeoutStopSec= of systemd, terminationGracePeriodSeconds of Kubernetes)",
    },
  ],
  wrong: ["idle-timeout-of-the-server", "keepalive-finds-dead-peers"],
};
