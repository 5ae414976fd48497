import type { Advice, Signs } from "../../harness/experiment.ts";

export const signs: Signs = {
  zh: "向一台不在的主机写数据",
  seen: ["ESTAB, Send-Q above 0, timer:(on", "ETIMEDOUT", "TcpExtTCPTimeouts", "TcpExtTCPAbortOnTimeout"],
  mark: {
    en: "the last number in timer:(on,...) is 3 or more, and nothing at all is received",
    zh: "timer:(on,...) 的最后一个数达到 3 或更大，什么也收不到",
  },
};

export const advice: Advice = {
  doubt: "a path that drops the segments looks the same from here: ask the other host whether it has the row",
  cures: [
    {
      layer: "kernel",
      what: "a smaller net.ipv4.tcp_retries2 (8 is 102 s), for all connections of this namespace",
      tried: "fixed-by-retries",
      knob: { sysctl: "net.ipv4.tcp_retries2" },
    },
  ],
  wrong: ["keepalive-finds-dead-peers", "larger-buffers"],
};
