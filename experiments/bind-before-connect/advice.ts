import type { Advice, Signs } from "../../harness/experiment.ts";

export const signs: Signs = {
  zh: "connect() 之前就报 EADDRINUSE：一个端口对所有目的地都算占用",
  seen: ["ESTAB, as many local ports as the range has", "EADDRINUSE"],
  mark: {
    en: "each port of the range is taken once, over all destinations together, and ports of both parities are",
    zh: "范围内每个端口只被占用一次，所有目的地加在一起，奇偶端口都有",
  },
};

export const advice: Advice = {
  cures: [
    {
      layer: "kernel",
      what: "a wider range of local ports moves the limit",
      knob: { sysctl: "net.ipv4.ip_local_port_range" },
    },
  ],
  wrong: ["tw-reuse", "reuseaddr"],
};
