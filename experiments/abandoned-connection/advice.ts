import type { Advice, Signs } from "../../harness/experiment.ts";

export const signs: Signs = {
  zh: "连接超时后忘了那条连接",
  seen: ["ESTAB, empty queues, at the connecting end"],
  mark: {
    en: "nothing was ever sent on them (`bytes_sent` is 0), and they were opened one after another",
    zh: "上面从没发送过数据（`bytes_sent` 为 0），而且是一条接一条打开的",
  },
};

export const advice: Advice = {
  doubt: "a program that opens connections ahead, one by one, and never uses them looks the same: ask it",
  wrong: ["idle-timeout-of-the-server", "more-descriptors"],
};
