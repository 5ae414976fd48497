import type { Advice, Signs } from "../../harness/experiment.ts";

export const signs: Signs = {
  zh: "一个进程关了，另一个还握着的连接",
  seen: ["ESTAB, held by a process that does not listen", "CLOSE-WAIT, Recv-Q 0, held by a process"],
  mark: {
    en: "a process that does not listen holds it, or several do; the one that listens has closed its own descriptor",
    zh: "持有它的是不监听的进程，或者有好几个；监听的进程已关掉自己的描述符",
  },
};

export const advice: Advice = {
  cures: [{ layer: "configuration", what: "end the process that holds them: the FIN is sent at once" }],
  wrong: ["keepalive-cures-close-wait", "fin-timeout"],
};
