import type { Advice, Signs } from "../../harness/experiment.ts";

export const signs: Signs = {
  zh: "等一个从不关闭的客户端的 FIN-WAIT-2",
  seen: ["FIN-WAIT-2, without a timer"],
  mark: {
    en: "a process holds the row, so no timer runs, and the peer has sent nothing for many seconds",
    zh: "有进程持有，所以没有定时器；对端已有许多秒什么都没发",
  },
};

export const advice: Advice = {
  doubt:
    "a program that waits on purpose for a peer's last data looks the same, until that data comes (`lastrcv` falls back)",
  wrong: ["fin-timeout", "keepalive-finds-dead-peers", "restart"],
};
