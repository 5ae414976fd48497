import type { Signs } from "../../harness/experiment.ts";

export const signs: Signs = {
  zh: "几千个 TIME-WAIT 让服务器和客户端各付出什么",
  seen: ["TIME-WAIT, at the listening end"],
  mark: {
    en: "they cost a listener no port, no descriptor and no time, and no counter moves",
    zh: "它们不占监听者的端口、描述符和时间，计数器也不动",
  },
};
