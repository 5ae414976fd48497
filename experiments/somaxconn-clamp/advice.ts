import type { Advice, Signs } from "../../harness/experiment.ts";

export const signs: Signs = {
  zh: "比程序要求的短的队列",
  seen: [
    "LISTEN, Recv-Q above Send-Q",
    "SYN-SENT",
    "ETIMEDOUT",
    "TcpExtListenOverflows",
    "TcpExtListenDrops",
  ],
  mark: {
    en: "Send-Q of LISTEN is exactly net.core.somaxconn of this network namespace",
    zh: "LISTEN 的 Send-Q 正好等于这个网络命名空间的 net.core.somaxconn",
  },
};

export const advice: Advice = {
  doubt:
    "a program that asks for exactly this number looks the same: strace of its start shows what it gives to listen()",
  cures: [
    {
      layer: "program",
      what: "accept in time: nothing that takes long in the loop that accepts",
      tried: "fixed",
    },
    {
      layer: "kernel",
      what: "a larger net.core.somaxconn in this network namespace (for a container: its own sysctl), and then listen() again",
      tried: "fixed-by-sysctl",
      knob: "somaxconn",
    },
  ],
  wrong: ["somaxconn-on-the-host", "max-syn-backlog", "somaxconn-alone"],
};
