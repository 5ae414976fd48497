import type { Signs } from "../../harness/experiment.ts";

export const signs: Signs = {
  zh: "代理弄丢了半关闭",
  seen: ["no row, and answers end too early"],
  mark: {
    en: "the client had ended its own direction before the answer came, and a proxy is between the two",
    zh: "应答到来之前客户端已结束自己的方向，而两者之间有代理",
  },
};
