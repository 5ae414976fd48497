import type { Advice, Signs } from "../../harness/experiment.ts";

export const signs: Signs = {
  zh: "对后端不保持连接的代理",
  seen: ["TIME-WAIT, at the connecting end", "EADDRNOTAVAIL", "TcpActiveOpens"],
  mark: {
    en: "they lead to a backend, and the process that connects has a listener of its own whose clients keep their connections",
    zh: "它们通向后端，而发起连接的进程自己也在监听，它的客户端保持着连接",
  },
};

export const advice: Advice = {
  wrong: ["fin-timeout", "tw-reuse", "linger-zero"],
};
