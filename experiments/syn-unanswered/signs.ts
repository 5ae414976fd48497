import type { Signs } from "../../harness/experiment.ts";

export const signs: Signs = {
  zh: "SYN 何时重发，connect() 何时放弃",
  seen: ["SYN-SENT", "ETIMEDOUT", "TcpExtTCPSynRetrans"],
  mark: {
    en: "nothing answers: the host is gone or a firewall drops the SYN; no listener's queue is full, and no counter of drops moves there",
    zh: "没有任何应答：主机不在，或防火墙丢弃了 SYN；那边没有满的队列，丢弃的计数器也不动",
  },
};
