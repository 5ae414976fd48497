import type { Signs } from "../../harness/experiment.ts";

export const signs: Signs = {
  zh: "恒定速率会留下多少 TIME-WAIT",
  seen: ["TIME-WAIT, at the connecting end"],
  mark: {
    en: "their number is the rate of closing times 60 s, far below half of the range of local ports",
    zh: "数量是关闭的速率乘以 60 秒，远不到本地端口范围的一半",
  },
};
