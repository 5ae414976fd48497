import type { Signs } from "../../harness/experiment.ts";

export const signs: Signs = {
  zh: "什么会结束 FIN-WAIT-2",
  seen: ["FIN-WAIT-2, timer:(timewait"],
  mark: {
    en: "no process holds them, and each goes after tcp_fin_timeout; if they are many, the other end does not close",
    zh: "没有进程持有，过了 tcp_fin_timeout 就消失；如果很多，是另一端不关闭",
  },
};
