import type { Advice, Signs } from "../../harness/experiment.ts";

export const signs: Signs = {
  zh: "一个客户端不读，其他人都等它",
  seen: [
    "ESTAB, Send-Q above 0, timer:(persist",
    "ESTAB, Recv-Q above 0, held by a process",
    "TcpExtTCPWinProbe",
  ],
  mark: {
    en: "one peer takes nothing, what several others have sent lies unread in the same process, and the process sleeps",
    zh: "一个对端什么都不收，另外几个发来的在同一个进程里没人读，而进程在睡眠",
  },
};

export const advice: Advice = {
  untaken: "bytes",
  doubt:
    "a proxy that carries many clients over one connection to a server that takes nothing looks the same: that connection is the one to look at",
  cures: [
    {
      layer: "program",
      what: "a time limit on each write; who has no room by then is dropped",
      tried: "fixed",
    },
  ],
  wrong: ["larger-buffers", "keepalive-finds-dead-peers"],
};
