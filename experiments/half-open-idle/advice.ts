import type { Advice, Signs } from "../../harness/experiment.ts";

export const signs: Signs = {
  zh: "对端已不在的 ESTABLISHED",
  seen: ["ESTAB, empty queues, at the listening end"],
  mark: {
    en: "no timer runs and nothing was received for seconds; the row is missing at the other end, and a probe gets no answer",
    zh: "没有定时器，许多秒没收到任何东西；另一端没有这一行，探测也没有应答",
  },
};

export const advice: Advice = {
  cures: [
    {
      layer: "kernel",
      what: "the times of the probes; only a socket with SO_KEEPALIVE sends any",
      knob: { sysctl: "net.ipv4.tcp_keepalive_time" },
    },
  ],
  wrong: ["keepalive-sysctls", "fin-timeout"],
};
