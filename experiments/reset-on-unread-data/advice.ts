import type { Advice, Signs } from "../../harness/experiment.ts";

export const signs: Signs = {
  zh: "RST 代替 FIN：输入没人读就 close()",
  seen: ["no row, and clients are reset", "ECONNRESET", "TcpExtTCPAbortOnClose", "TcpOutRsts"],
  mark: {
    en: "TcpExtTCPAbortOnClose grows on the host that closes",
    zh: "在关闭的主机上，TcpExtTCPAbortOnClose 增加",
  },
};

export const advice: Advice = {
  wrong: ["linger-time", "reset-loses-all", "larger-buffers"],
};
