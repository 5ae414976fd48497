import type { Advice, Signs } from "../../harness/experiment.ts";

export const signs: Signs = {
  zh: "重启后报 EADDRINUSE，而端口上没有人监听",
  seen: [
    "no LISTEN, and the port is taken",
    "TIME-WAIT, at the listening end",
    "FIN-WAIT-2, timer:(timewait",
    "EADDRINUSE",
  ],
  mark: {
    en: "the rows of the port are TIME-WAIT or FIN-WAIT-2 with a timer, of the service's own clients, and nobody listens",
    zh: "这个端口的行是服务自己客户端的 TIME-WAIT 或带定时器的 FIN-WAIT-2，没有人监听",
  },
};

export const advice: Advice = {
  wrong: ["reuseaddr", "tw-reuse", "fin-timeout"],
};
