import type { Advice, Signs } from "../../harness/experiment.ts";

export const signs: Signs = {
  zh: "客户端是 ESTABLISHED，服务器不是",
  seen: [
    "LISTEN, Recv-Q above Send-Q",
    "SYN-RECV",
    "ESTAB, Send-Q above 0, timer:(on",
    "TcpExtListenOverflows",
  ],
  mark: {
    en: "SYN-RECV rows stay and repeat their SYN-ACK (timer:(on,...,1) and more) while Recv-Q of LISTEN is above Send-Q",
    zh: "LISTEN 的 Recv-Q 大于 Send-Q，同时 SYN-RECV 的行一直在，并重发 SYN-ACK（timer:(on,...,1) 起）",
  },
};

export const advice: Advice = {
  cures: [
    { layer: "program", what: "prepare first, listen() then, and accept at once", tried: "fixed" },
    {
      layer: "configuration",
      what: "a larger backlog of the program, and a restart",
      tried: "fixed-by-backlog",
      knob: "backlog",
    },
    {
      layer: "kernel",
      what: "a larger net.core.somaxconn in this network namespace (for a container: its own sysctl), and then listen() again",
      knob: "somaxconn",
    },
    {
      layer: "kernel",
      what: "net.ipv4.tcp_abort_on_overflow = 1 tells these clients at once, and makes no room",
      tried: "fixed-by-abort",
      knob: { sysctl: "net.ipv4.tcp_abort_on_overflow", unless: "1" },
    },
  ],
  wrong: ["open-port", "max-syn-backlog", "somaxconn-on-the-host"],
};
