import type { Signs } from "../../harness/experiment.ts";

export const signs: Signs = {
  zh: "谁保持 HTTP 连接、保持多久",
  seen: ["ESTAB, empty queues, at the connecting end", "ESTAB, empty queues, at the listening end"],
  mark: {
    en: "they are used again and again, or one end closes them after its idle limit: their number stays",
    zh: "它们会反复使用，或者过了某一端的空闲时限就关闭：数量不会增长",
  },
};
