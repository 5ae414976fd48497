import type { Advice, Signs } from "../../harness/experiment.ts";

export const signs: Signs = {
  zh: "ss 看不到的描述符泄漏",
  seen: ["no row, and the process has more sockets than ss shows", "EMFILE"],
  mark: {
    en: "for longer than a moment, the process has TCP sockets that ss does not list",
    zh: "进程有 ss 不列出的 TCP 套接字，而且不是一瞬间",
  },
};

export const advice: Advice = {
  cures: [
    {
      layer: "configuration",
      what: "until the program is corrected, a restart before the limit is reached",
      knob: "descriptors",
    },
  ],
  wrong: ["keepalive-cures-close-wait", "more-descriptors", "fin-timeout"],
};
