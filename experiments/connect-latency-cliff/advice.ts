import type { Advice, Signs } from "../../harness/experiment.ts";

export const signs: Signs = {
  zh: "端口用掉一半后，connect() 变慢",
  seen: ["TIME-WAIT, at the connecting end"],
  mark: {
    en: "more than half of the range and less than 90 % of it waits for one destination: connect() is slow and still succeeds",
    zh: "对一个目的地，范围内超过一半、不到 90% 的端口在等待：connect() 变慢，但还能成功",
  },
};

export const advice: Advice = {
  cures: [
    { layer: "program", what: "keep connections: one for many requests", tried: "fixed" },
    {
      layer: "kernel",
      what: "a wider range of local ports",
      tried: "fixed-by-range",
      knob: { sysctl: "net.ipv4.ip_local_port_range" },
    },
  ],
  wrong: ["fin-timeout", "tw-buckets", "linger-zero"],
};
