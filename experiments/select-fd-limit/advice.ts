import type { Advice, Signs } from "../../harness/experiment.ts";

export const signs: Signs = {
  zh: "描述符号太大，select() 永远不读的连接",
  seen: ["ESTAB, Recv-Q above 0, held by a process", "CLOSE-WAIT, Recv-Q above 0, held by a process"],
  mark: {
    en: "every connection with a descriptor below 1024 is read, and none of those above",
    zh: "描述符小于 1024 的连接都有人读，以上的一个也没有",
  },
};

export const advice: Advice = {
  cures: [{ layer: "program", what: "poll() or epoll in place of select()", tried: "fixed" }],
  wrong: ["more-descriptors"],
};
