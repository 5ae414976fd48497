import type { Advice, Signs } from "../../harness/experiment.ts";

export const signs: Signs = {
  zh: "忘掉空闲连接的中间设备",
  seen: ["ESTAB, Send-Q above 0, timer:(on", "ETIMEDOUT", "TcpExtTCPTimeouts"],
  mark: {
    en: "it was idle before, nothing on it is acknowledged, and the same peer answers on another connection",
    zh: "它之前空闲过，上面什么都没有被确认，而同一个对端在别的连接上有应答",
  },
};

export const advice: Advice = {
  cures: [
    {
      layer: "kernel",
      what: "probes more often than the middlebox forgets; only sockets with SO_KEEPALIVE send any",
      knob: { sysctl: "net.ipv4.tcp_keepalive_time" },
    },
  ],
  wrong: ["keepalive-sysctls", "larger-buffers"],
};
