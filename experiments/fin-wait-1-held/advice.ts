import type { Advice, Signs } from "../../harness/experiment.ts";

export const signs: Signs = {
  zh: "没人取走应答的 FIN-WAIT-1",
  seen: ["FIN-WAIT-1, Send-Q above 0, no process", "TcpExtTCPWinProbe"],
  mark: {
    en: "Send-Q is well above 1 and does not fall: the peer takes the answer itself no more, not only the FIN",
    zh: "Send-Q 远大于 1 且不下降：对端不再收的是应答本身，而不只是 FIN",
  },
};

export const advice: Advice = {
  cures: [
    {
      layer: "kernel",
      what: "fewer retries for peers that do not answer at all; those that answer with a closed window are not affected",
      knob: { sysctl: "net.ipv4.tcp_orphan_retries" },
    },
  ],
  wrong: ["fin-timeout", "restart", "keepalive-finds-dead-peers"],
};
