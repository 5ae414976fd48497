import type { Signs } from "../../harness/experiment.ts";

export const signs: Signs = {
  zh: "暂时没人要用的连接池的 CLOSE-WAIT",
  seen: ["CLOSE-WAIT, at the connecting end", "CLOSE-WAIT, Recv-Q above 0, held by a process"],
  mark: {
    en: "their number does not grow, Recv-Q is 1, and the pool opens no new ones meanwhile",
    zh: "数量不增长，Recv-Q 为 1，池子这时也不开新连接",
  },
};
