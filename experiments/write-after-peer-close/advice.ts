import type { Advice, Signs } from "../../harness/experiment.ts";

export const signs: Signs = {
  zh: "向对端已关闭的连接写数据",
  seen: [
    "CLOSE-WAIT, at the connecting end",
    "CLOSE-WAIT, Recv-Q above 0, held by a process",
    "EPIPE",
    "TcpEstabResets",
  ],
  mark: {
    en: "Recv-Q is 1, the FIN that nobody has read, and TcpEstabResets moves",
    zh: "Recv-Q 为 1，即没人读的 FIN；TcpEstabResets 在动",
  },
};

export const advice: Advice = {
  wrong: ["sigpipe", "keepalive-finds-dead-peers"],
};
