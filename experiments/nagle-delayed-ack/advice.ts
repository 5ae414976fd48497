import type { Advice, Signs } from "../../harness/experiment.ts";

export const signs: Signs = {
  zh: "写、写、读：大家白等 40 ms",
  seen: ["ESTAB, Send-Q above 0, timer:(on", "TcpExtDelayedACKs"],
  mark: {
    en: "less than a segment is kept back (`notsent`) while `unacked` is less than `cwnd`, in sample after sample",
    zh: "每次看，不足一段的数据没发（`notsent`），而 `unacked` 小于 `cwnd`",
  },
};

export const advice: Advice = {
  cures: [
    {
      layer: "kernel",
      what: "`ip route change ... quickack 1` on the host that reads, if the program that writes cannot be changed",
    },
  ],
  wrong: ["quickack-once"],
};
