import type { Advice, Signs } from "../../harness/experiment.ts";

export const signs: Signs = {
  zh: "关闭一个监听者，它队列里的连接被复位",
  seen: [
    "LISTEN, two rows of one port",
    "no row, and clients are reset",
    "ECONNRESET",
    "TcpOutRsts",
    "TcpEstabResets",
  ],
  mark: {
    en: "a listener goes while connections wait in its queue, and another of the same port stays; no TcpExtTCPAbort counter moves",
    zh: "一个监听者消失时它的队列里还有连接，同端口的另一个还在；TcpExtTCPAbort 开头的计数器都不动",
  },
};

export const advice: Advice = {
  cures: [
    {
      layer: "kernel",
      what: "net.ipv4.tcp_migrate_req = 1: the kernel moves the queue to the other listener",
      tried: "fixed-by-migration",
      knob: { sysctl: "net.ipv4.tcp_migrate_req", unless: "1" },
    },
  ],
  wrong: ["larger-backlog", "reuseport-for-restarts"],
};
