import type { Advice, Signs } from "../../harness/experiment.ts";

export const signs: Signs = {
  zh: "永远发不完的请求",
  seen: ["ESTAB, empty queues, at the listening end"],
  mark: {
    en: "a few bytes keep coming and are read, nothing was ever sent on them, and others at the port are answered",
    zh: "不断有几个字节到来并被读走，上面从没发送过什么，而这个端口的其他客户端有应答",
  },
};

export const advice: Advice = {
  doubt: "a server that collects small lines over unfinished requests for a long time looks the same",
  cures: [
    { layer: "program", what: "a time limit on the head of a request", tried: "fixed" },
    {
      layer: "configuration",
      what: "a limit on the time of a request's head (client_header_timeout in nginx, mod_reqtimeout in Apache), and on the connections of one address",
    },
  ],
  wrong: ["more-descriptors", "keepalive-finds-dead-peers", "idle-timeout-of-the-server"],
};
