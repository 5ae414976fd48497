import type { Advice, Signs } from "../../harness/experiment.ts";

export const signs: Signs = {
  zh: "以关闭为界的应答被截断",
  seen: ["no row, and answers end too early"],
  mark: {
    en: "the answer has no length: a FIN in the middle looks like its end",
    zh: "应答没有长度：中途的 FIN 看起来就是结尾",
  },
};

export const advice: Advice = {};
