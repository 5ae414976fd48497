import type { Signs } from "../../harness/experiment.ts";

export const signs: Signs = {
  zh: "有意共享的多进程服务器",
  seen: ["ESTAB, held by a process that does not listen", "LISTEN, two rows of one port"],
  mark: {
    en: "each child serves the connections that it holds, and closes those that the client has ended",
    zh: "每个子进程都在服务自己握着的连接，客户端结束的就关闭",
  },
};
