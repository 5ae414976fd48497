import type { Advice, Signs } from "../../harness/experiment.ts";

export const signs: Signs = {
  zh: "没有 TIME-WAIT，应答也只剩三分之一：SO_LINGER {1, 0} 的 close()",
  seen: [
    "no row, and clients are reset",
    "ECONNRESET",
    "TcpExtTCPAbortOnData",
    "TcpEstabResets",
    "TcpOutRsts",
  ],
  mark: {
    en: "TcpExtTCPAbortOnData and TcpEstabResets grow by about the same number on the host that closes",
    zh: "在关闭的主机上，TcpExtTCPAbortOnData 与 TcpEstabResets 增加得差不多",
  },
};

export const advice: Advice = {
  wrong: ["linger-zero", "reset-loses-all"],
};
