import type { Advice, Signs } from "../../harness/experiment.ts";

export const signs: Signs = {
  zh: "一个客户端不说话，其他人都等它",
  seen: [
    "LISTEN, Recv-Q above 0 in every sample",
    "ESTAB, Recv-Q above 0, no process",
    "CLOSE-WAIT, Recv-Q above 0, no process",
  ],
  mark: {
    en: "exactly one accepted connection has never received a byte, and the process sleeps beside it",
    zh: "恰有一个已接受的连接从没收到过一个字节，进程在它旁边睡眠",
  },
};

export const advice: Advice = {
  untaken: "connections",
  doubt:
    "a program whose loop waits for something else can have one silent peer by chance: a stack shows for which descriptor it waits",
  cures: [
    {
      layer: "program",
      what: "no read in the loop that accepts: a thread or a task for each connection",
      tried: "fixed",
    },
    {
      layer: "program",
      what: "a time limit on the first request, and on a TLS handshake",
      tried: "fixed-by-timeout",
    },
  ],
  wrong: ["larger-backlog", "open-port"],
};
