import type { Signs } from "../../harness/experiment.ts";

export const signs: Signs = {
  zh: "先关闭的服务器上的几百个 TIME-WAIT",
  seen: ["TIME-WAIT, at the listening end"],
  mark: {
    en: "they cost the listener no port, no descriptor and no time, and no counter moves",
    zh: "它们不占监听者的端口、描述符和时间，计数器也不动",
  },
};
