import type { Advice, Signs } from "../../harness/experiment.ts";

export const signs: Signs = {
  zh: "没人取走应答的 CLOSE-WAIT",
  seen: ["CLOSE-WAIT, Send-Q above 0"],
  mark: {
    en: "Send-Q holds an answer and does not fall, with timer:(persist: the peer's kernel answers, and its window is closed",
    zh: "Send-Q 里有应答且不下降，定时器是 persist：对端内核有应答，窗口却关着",
  },
};

export const advice: Advice = {
  cures: [
    { layer: "program", what: "a time limit on a write without progress, and then a reset", tried: "fixed" },
    {
      layer: "configuration",
      what: "a limit on the time of a write without progress (send_timeout in nginx), and on the connections of one address",
    },
  ],
  wrong: ["keepalive-cures-close-wait", "forgot-close", "more-descriptors", "fin-timeout"],
};
