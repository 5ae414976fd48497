import type { Advice, Signs } from "../../harness/experiment.ts";

export const signs: Signs = {
  zh: "小的应答能到，大的到不了",
  seen: ["ESTAB, Send-Q above 0, timer:(on", "ETIMEDOUT", "TcpExtTCPTimeouts"],
  mark: {
    en: "full segments are repeated without an end, while a later, smaller one has arrived (`sacked`)",
    zh: "满长度的报文段重发不止，而后面较小的已经到了（`sacked`）",
  },
};

export const advice: Advice = {
  doubt:
    "if every segment is full, none arrives, and it looks like half-open-writer: compare with a small answer of the same peer",
  cures: [
    {
      layer: "kernel",
      what: "net.ipv4.tcp_mtu_probing = 1: the kernel tries smaller segments",
      tried: "fixed-by-probing",
      knob: { sysctl: "net.ipv4.tcp_mtu_probing", unless: "1" },
    },
    {
      layer: "configuration",
      what: "let ICMP (fragmentation needed) through, or clamp the MSS at the router",
    },
  ],
  wrong: ["keepalive-finds-dead-peers", "larger-buffers"],
};
