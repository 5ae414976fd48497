import type { Advice, Signs } from "../../harness/experiment.ts";

export const signs: Signs = {
  zh: "connect() 报 EADDRNOTAVAIL：每个端口都在 TIME-WAIT 中等待",
  seen: ["TIME-WAIT, at the connecting end", "EADDRNOTAVAIL"],
  mark: {
    en: "at least 90 % of the range waits for one destination, and connect() fails at once",
    zh: "对一个目的地，范围内至少 90% 的端口在等待，connect() 立刻失败",
  },
};

export const advice: Advice = {
  cures: [
    { layer: "program", what: "keep connections: a pool, or one for many requests", tried: "fixed" },
    {
      layer: "configuration",
      what: "more addresses or ports of the server: the whole range is there for each destination",
    },
    {
      layer: "kernel",
      what: "net.ipv4.tcp_tw_reuse = 1 here, at the connecting end",
      tried: "fixed-by-reuse",
      knob: { sysctl: "net.ipv4.tcp_tw_reuse", unless: "1" },
    },
    {
      layer: "kernel",
      what: "a wider range of local ports",
      knob: { sysctl: "net.ipv4.ip_local_port_range" },
    },
  ],
  wrong: ["fin-timeout", "tw-recycle", "linger-zero", "tw-buckets", "more-descriptors"],
};
