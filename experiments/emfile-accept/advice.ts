import type { Advice, Signs } from "../../harness/experiment.ts";

export const signs: Signs = {
  zh: "没有描述符可用于下一个连接，服务器空转",
  seen: [
    "a process that uses a whole processor",
    "LISTEN, Recv-Q above 0 in every sample",
    "ESTAB, Recv-Q above 0, no process",
    "EMFILE",
  ],
  mark: {
    en: "the process that listens has no descriptor left, and a processor goes into accept() that fails",
    zh: "监听的进程已没有描述符，处理器耗在不断失败的 accept() 上",
  },
};

export const advice: Advice = {
  cures: [
    {
      layer: "configuration",
      what: "a higher limit of open files (LimitNOFILE= of systemd), if no leak fills it",
      knob: "descriptors",
    },
  ],
  wrong: ["larger-backlog", "somaxconn-alone"],
};
