import type { Advice, Signs } from "../../harness/experiment.ts";

export const signs: Signs = {
  zh: "连到了自己的客户端，服务因此启动不了",
  seen: ["ESTAB, both ends the same address and port", "no LISTEN, and the port is taken", "EADDRINUSE"],
  mark: {
    en: "local and remote address and port are the same, and there is no second row",
    zh: "本地与远端的地址和端口相同，也没有第二行",
  },
};

export const advice: Advice = {
  cures: [
    {
      layer: "kernel",
      what: "the service's port in net.ipv4.ip_local_reserved_ports",
      tried: "fixed-by-reserved-port",
      knob: { sysctl: "net.ipv4.ip_local_reserved_ports" },
    },
  ],
  wrong: ["reuseaddr", "reuseport-for-restarts"],
};
