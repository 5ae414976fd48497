import type { Advice, Signs } from "../../harness/experiment.ts";

export const signs: Signs = {
  zh: "有字节没人读的 CLOSE-WAIT",
  seen: ["CLOSE-WAIT, Recv-Q above 0, held by a process"],
  mark: {
    en: "two bytes or more lie unread, not only the FIN, and Recv-Q never falls: the threads that should read wait for something else",
    zh: "未读的不止 FIN 那一字节，Recv-Q 从不下降：该读的线程在等别的东西",
  },
};

export const advice: Advice = {
  untaken: "bytes",
  doubt: "a program that is only behind shows the same rows: then Recv-Q falls in a later look",
  cures: [
    {
      layer: "program",
      what: "locks are released on every way out (with, defer, finally), and every wait has a limit",
      tried: "fixed",
    },
  ],
  wrong: ["forgot-close", "keepalive-cures-close-wait", "restart"],
};
