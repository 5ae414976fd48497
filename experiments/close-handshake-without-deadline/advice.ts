import type { Advice, Signs } from "../../harness/experiment.ts";

export const signs: Signs = {
  zh: "没有时限的关闭握手",
  seen: ["ESTAB, empty queues, at the connecting end", "ESTAB, empty queues, at the listening end"],
  mark: {
    en: "this end spoke last (`lastsnd` is less than `lastrcv`), and its last bytes ask for a close",
    zh: "最后说话的是这一端（`lastsnd` 小于 `lastrcv`），最后的字节是请求关闭",
  },
};

export const advice: Advice = {
  wrong: ["keepalive-finds-dead-peers"],
};
