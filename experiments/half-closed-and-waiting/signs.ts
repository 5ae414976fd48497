import type { Signs } from "../../harness/experiment.ts";

export const signs: Signs = {
  zh: "在干活的服务器的 CLOSE-WAIT",
  seen: ["CLOSE-WAIT, Recv-Q 0, held by a process", "FIN-WAIT-2, without a timer"],
  mark: {
    en: "an answer is still owed: this end was asked and has not answered since, and the row goes when it has",
    zh: "还欠着一个应答：收到请求后还没有答，答完这一行就消失",
  },
};
