import { readFileSync } from "node:fs";
import { availableParallelism, networkInterfaces } from "node:os";
import { realTimeUs } from "../../kernel/clock.ts";
import type { Surroundings } from "../load-run.ts";
import { isLoopback } from "../target.ts";
import { monotonicUs } from "./monotonic.ts";

/** Reads the surroundings of a load to an address in numbers. */
export function readSurroundings(address: string): Surroundings {
  const own = Object.values(networkInterfaces()).flatMap((one) => (one ?? []).map((each) => each.address));
  return {
    portRange: sysctl("ip_local_port_range"),
    reservedPorts: sysctl("ip_local_reserved_ports"),
    timeWaitReuse: Number(sysctl("tcp_tw_reuse")),
    bothEndsHere: isLoopback(address) || own.includes(address),
    processors: availableParallelism(),
    unixOffsetUs: Math.round(realTimeUs() - monotonicUs()),
  };
}

/** net.ipv4 holds for IPv6, too. /proc/sys/net is that of the reader's namespace (proc_sys_call_handler, net/sysctl_net.c). */
function sysctl(name: string): string {
  return readFileSync(`/proc/sys/net/ipv4/${name}`, "latin1").trim();
}
