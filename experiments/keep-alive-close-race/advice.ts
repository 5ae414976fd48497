import type { Advice, Signs } from "../../harness/experiment.ts";

export const signs: Signs = {
  zh: "服务器关闭的同时，客户端又用了那条保持的连接",
  seen: [
    "CLOSE-WAIT, at the connecting end",
    "CLOSE-WAIT, Recv-Q above 0, held by a process",
    "ECONNRESET",
    "TcpEstabResets",
  ],
  mark: {
    en: "Recv-Q is 1 on connections that were asked and answered before, and as many go as TcpEstabResets counts",
    zh: "以前有过请求和应答的连接上 Recv-Q 为 1，消失的与 TcpEstabResets 增加的一样多",
  },
};

export const advice: Advice = {
  cures: [
    {
      layer: "configuration",
      what: "an idle limit of the server that is longer than the client's",
      tried: "fixed",
    },
    {
      layer: "configuration",
      what: "an idle limit of the client's pool that is shorter than the server's",
      tried: "fixed-by-age",
    },
  ],
  wrong: ["keepalive-holds-idle-connections", "larger-pool"],
};
