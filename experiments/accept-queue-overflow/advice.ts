import type { Advice, Signs } from "../../harness/experiment.ts";

export const signs: Signs = {
  zh: "白等一秒的连接：全连接队列满了",
  seen: [
    "LISTEN, Recv-Q above Send-Q",
    "SYN-SENT",
    "ETIMEDOUT",
    "TcpExtListenOverflows",
    "TcpExtListenDrops",
    "TcpExtTCPSynRetrans",
  ],
  mark: {
    en: "Recv-Q falls again between two samples, and Send-Q is the program's own backlog, below net.core.somaxconn",
    zh: "两次看之间 Recv-Q 会降下来；Send-Q 是程序自己的 backlog，小于 net.core.somaxconn",
  },
};

export const advice: Advice = {
  untaken: "connections",
  cures: [
    {
      layer: "program",
      what: "the loop that accepts gets its turn: long work in steps, in a thread, or in another process",
      tried: "fixed",
    },
    {
      layer: "configuration",
      what: "a larger backlog of the program, for bursts, and a restart",
      tried: "fixed-by-backlog",
      knob: "backlog",
    },
    {
      layer: "kernel",
      what: "a larger net.core.somaxconn in this network namespace (for a container: its own sysctl), and then listen() again",
      knob: "somaxconn",
    },
  ],
  wrong: [
    "somaxconn-on-the-host",
    "max-syn-backlog",
    "abort-on-overflow",
    "somaxconn-alone",
    "doubling-retries",
    "listen-drops",
  ],
};
