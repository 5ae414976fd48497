import type { Advice, Signs } from "../../harness/experiment.ts";

export const signs: Signs = {
  zh: "到达 tcp_max_tw_buckets，连接没有 TIME-WAIT 就结束",
  seen: ["TIME-WAIT, at the listening end", "TIME-WAIT, at the connecting end", "TcpExtTCPTimeWaitOverflow"],
  mark: {
    en: "their number stands at net.ipv4.tcp_max_tw_buckets, and TcpExtTCPTimeWaitOverflow moves",
    zh: "数量停在 net.ipv4.tcp_max_tw_buckets，TcpExtTCPTimeWaitOverflow 在动",
  },
};

export const advice: Advice = {
  cures: [
    { layer: "program", what: "keep connections (keep-alive)", tried: "fixed" },
    {
      layer: "kernel",
      what: "a larger net.ipv4.tcp_max_tw_buckets: the kernel's default must not be lowered",
      tried: "fixed-by-limit",
      knob: { sysctl: "net.ipv4.tcp_max_tw_buckets" },
    },
  ],
  wrong: ["tw-buckets", "fin-timeout", "tw-reuse"],
};
