import type { Signs } from "../../harness/experiment.ts";

export const signs: Signs = {
  zh: "每条连接的请求数上限，会产生多少 TIME-WAIT",
  seen: ["TIME-WAIT, at the connecting end", "TIME-WAIT, at the listening end"],
  mark: {
    en: "their number is that of the requests of a minute, divided by a limit of requests for each connection (keepalive_requests)",
    zh: "数量是一分钟的请求数除以每条连接的请求数上限（keepalive_requests）",
  },
};
