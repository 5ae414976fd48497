import { expect, test } from "vitest";
import { refusal } from "./sysctl.ts";

test.each([
  "net.ipv4.tcp_tw_reuse",
  "net.ipv4.ip_local_port_range",
  "net.core.somaxconn",
  "net.ipv6.conf.all.forwarding",
])("%s belongs to a network namespace", (name) => expect(refusal(name)).toBeNull());

test.each(["net.ipv4.tcp_mem", "net.ipv4.tcp_max_orphans", "net.ipv4.tcp_congestion_control"])(
  "%s belongs to the whole machine",
  (name) => {
    expect(refusal(name)).toContain("concerns the whole machine");
  },
);

test.each([
  "kernel.pid_max",
  "fs.nr_open",
  "vm.swappiness",
  "net.core.rmem_max",
  "net.ipv4.tcp_../x",
  "net.ipv4.tcp_a/b",
])("%s is refused", (name) => expect(refusal(name)).toContain("a lab never changes the host"));
