import type { Advice, Signs } from "../../harness/experiment.ts";

export const signs: Signs = {
  zh: "同时握手的太多",
  seen: ["SYN-RECV", "SYN-SENT", "ETIMEDOUT", "TcpExtTCPReqQFullDrop", "TcpExtListenDrops"],
  mark: {
    en: "SYN-RECV rows come and go, as many as the backlog, Recv-Q of LISTEN is low, and TcpExtTCPReqQFullDrop moves",
    zh: "SYN-RECV 的行来来去去，与 backlog 一样多；LISTEN 的 Recv-Q 很小，TcpExtTCPReqQFullDrop 在动",
  },
};

export const advice: Advice = {
  cures: [
    {
      layer: "configuration",
      what: "a larger backlog of the program, and a restart",
      tried: "fixed",
      knob: "backlog",
    },
    {
      layer: "kernel",
      what: "a larger net.core.somaxconn in this network namespace (for a container: its own sysctl), and then listen() again",
      knob: "somaxconn",
    },
    {
      layer: "kernel",
      what: "a larger net.ipv4.tcp_max_syn_backlog in this network namespace",
      knob: "max-syn-backlog",
    },
    {
      layer: "kernel",
      what: "net.ipv4.tcp_syncookies = 1, the kernel's default",
      tried: "fixed-by-cookies",
      knob: { sysctl: "net.ipv4.tcp_syncookies", unless: "1" },
    },
  ],
  wrong: ["syn-flood", "listen-drops"],
};
