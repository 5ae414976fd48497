import type { Advice, Signs } from "../../harness/experiment.ts";

export const signs: Signs = {
  zh: "启动时报 EADDRINUSE：外出连接占了服务的端口",
  seen: ["no LISTEN, and the port is taken", "EADDRINUSE"],
  mark: {
    en: "the port is the local port of an outgoing connection whose far end is another port",
    zh: "这个端口是某条外出连接的本地端口，远端是另一个端口",
  },
};

export const advice: Advice = {
  cures: [
    {
      layer: "configuration",
      what: "a port of the service below the range of local ports",
      tried: "fixed",
      knob: { sysctl: "net.ipv4.ip_local_port_range" },
    },
    {
      layer: "kernel",
      what: "the service's port in net.ipv4.ip_local_reserved_ports",
      tried: "fixed-by-reserved-port",
      knob: { sysctl: "net.ipv4.ip_local_reserved_ports" },
    },
  ],
  wrong: ["reuseaddr", "reuseport-for-restarts", "tw-reuse"],
};
