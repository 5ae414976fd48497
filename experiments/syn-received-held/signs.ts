import type { Signs } from "../../harness/experiment.ts";

export const signs: Signs = {
  zh: "服务器等第三个报文段等多久",
  seen: ["SYN-RECV"],
  mark: {
    en: "the third segment does not come: it is lost, or the client is false; Recv-Q of LISTEN is not above Send-Q",
    zh: "第三个报文段没有来：丢了，或客户端是假的；LISTEN 的 Recv-Q 不大于 Send-Q",
  },
};
