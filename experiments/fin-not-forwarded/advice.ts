import type { Advice, Signs } from "../../harness/experiment.ts";

export const signs: Signs = {
  zh: "转发了应答、没转发结束的转发程序",
  seen: [
    "CLOSE-WAIT, at the connecting end",
    "CLOSE-WAIT, Recv-Q 0, held by a process",
    "ESTAB, empty queues, at the listening end",
  ],
  mark: {
    en: "the process has clients in ESTAB that were sent exactly what the row in CLOSE-WAIT received, and that wait for the end",
    zh: "这个进程有处于 ESTAB 的客户端，发给它们的正好是 CLOSE-WAIT 那一行收到的，它们在等结束",
  },
};

export const advice: Advice = {
  cures: [
    {
      layer: "configuration",
      what: "an idle timeout of the forwarder limits how long they stay; its clients still wait for it",
    },
  ],
  wrong: ["fin-timeout", "restart", "forgot-close"],
};
