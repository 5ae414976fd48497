import type { Advice, Signs } from "../../harness/experiment.ts";

export const signs: Signs = {
  zh: "不属于任何进程的 CLOSE-WAIT",
  seen: ["CLOSE-WAIT, Recv-Q above 0, no process", "LISTEN, Recv-Q above 0 in every sample"],
  mark: {
    en: "the clients have left, the listener's Recv-Q never falls, and the process has descriptors left",
    zh: "客户端已经离开，监听者的 Recv-Q 从不下降，进程还有描述符",
  },
};

export const advice: Advice = {
  untaken: "connections",
  cures: [
    {
      layer: "program",
      what: "no error of one connection ends the loop that accepts: a connection is read in its own thread",
      tried: "fixed",
    },
    {
      layer: "configuration",
      what: "a health check that asks for an answer: a restart removes all of them at once",
    },
  ],
  wrong: ["forgot-close", "open-port", "larger-backlog", "keepalive-cures-close-wait"],
};
