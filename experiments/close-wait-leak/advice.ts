import type { Advice, Signs } from "../../harness/experiment.ts";

export const signs: Signs = {
  zh: "永远不消失的 CLOSE-WAIT",
  seen: [
    "CLOSE-WAIT, Recv-Q 0, held by a process",
    "CLOSE-WAIT, at the connecting end",
    "FIN-WAIT-2, timer:(timewait",
    "EMFILE",
  ],
  mark: {
    en: "the same rows stay, no answer is owed on them, and the process sleeps",
    zh: "同样的行一直在，上面不欠应答，进程在睡眠",
  },
};

export const advice: Advice = {
  cures: [
    {
      layer: "configuration",
      what: "until the program is corrected, a restart before the limit is reached",
      knob: "descriptors",
    },
  ],
  wrong: ["keepalive-cures-close-wait", "fin-timeout", "linger-zero", "more-descriptors"],
};
