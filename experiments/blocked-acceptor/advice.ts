import type { Advice, Signs } from "../../harness/experiment.ts";

export const signs: Signs = {
  zh: "连得上端口，程序却从不应答",
  seen: [
    "LISTEN, Recv-Q above 0 in every sample",
    "ESTAB, Recv-Q above 0, no process",
    "CLOSE-WAIT, Recv-Q above 0, no process",
  ],
  mark: {
    en: "no accepted connection is silent from the beginning, and descriptors are left: the process computes, is stopped, or waits for something that is no client",
    zh: "没有哪个已接受的连接从一开始就沉默，描述符也还有：进程在计算、被停住，或在等并非客户端的东西",
  },
};

export const advice: Advice = {
  untaken: "connections",
  cures: [
    {
      layer: "program",
      what: "the loop that accepts gets its turn: long work in steps, and no call in it that waits for something else",
      tried: "fixed",
    },
    {
      layer: "configuration",
      what: "a health check that asks for an answer, and a watchdog (WatchdogSec= of systemd, a liveness probe of HTTP)",
    },
  ],
  wrong: ["open-port", "larger-backlog", "abort-on-overflow"],
};
