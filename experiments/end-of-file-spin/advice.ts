import type { Advice, Signs } from "../../harness/experiment.ts";

export const signs: Signs = {
  zh: "一个进程不停地读同一个 EOF",
  seen: ["a process that uses a whole processor", "CLOSE-WAIT, Recv-Q 0, held by a process"],
  mark: {
    en: "the process that holds the row uses a processor all the time, and has descriptors left",
    zh: "持有它的进程一直占着处理器，描述符还有",
  },
};

export const advice: Advice = {
  doubt:
    "a process that leaks CLOSE-WAIT and is busy with other work looks the same: strace shows whether recv() returns 0 again and again",
  wrong: ["fin-timeout", "keepalive-cures-close-wait"],
};
