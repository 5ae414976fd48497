import type { Advice, Signs } from "../../harness/experiment.ts";

export const signs: Signs = {
  zh: "没人读应答正文",
  seen: ["ESTAB, Recv-Q above 0, held by a process", "ESTAB, Send-Q above 0, timer:(persist"],
  mark: {
    en: "the process that connected leaves answers unread, and sends its next requests on other connections",
    zh: "发起连接的进程把应答留着不读，又在别的连接上发下一个请求",
  },
};

export const advice: Advice = {
  doubt: "a program that pauses its downloads on purpose, several at one address, looks the same",
  wrong: ["larger-pool", "larger-buffers"],
};
