import { writeFileSync } from "node:fs";
import { check, declare } from "../kernel/libc.ts";
import { inside, type NetworkNamespace } from "../kernel/namespace.ts";
import { sysctlPath } from "./sysctl.ts";

/** sched_getcpu(3): the processor on which the calling thread runs, from 0. */
const currentProcessor = declare<() => number>("int sched_getcpu()");

/**
 * Makes the interfaces that a namespace gets from now on deliver in the order of sending, as a wire does. A veth pair by itself leaves
 * each packet to the processor that sent it (netif_rx, net/core/dev.c), and where processors are busy, a FIN that a process sends on
 * one overtakes the ACK that waits on the other. What comes too late is answered by a RST, which ends a TIME-WAIT (RFC 1337). With
 * receive packet steering to one processor (Documentation/networking/scaling.rst) there is one queue for all: the one of the processor
 * on which the lab runs just now, so that trials spread. Kernels before 6.3 have no such sysctl, and one may be read-only: links are
 * then as they were, and the recording's header, which has the sysctl, shows it.
 */
export function deliverInOrder(namespace: NetworkNamespace): void {
  const processor = check(currentProcessor(), "sched_getcpu", "looking for a processor");
  inside(namespace, () => {
    try {
      writeFileSync(sysctlPath(STEERING), processorMask(processor));
    } catch {
      // It is not there (ENOENT), read-only (EROFS, EACCES), or that processor is kept for others (EINVAL).
    }
  });
}

/** Which processors handle what an interface receives, for those that are made in this namespace from then on. */
const STEERING = "net.core.rps_default_mask";

/** A set of one processor as the kernel writes it: hexadecimal, in groups of 32 bits (bitmap_parse, lib/bitmap-str.c). */
export function processorMask(processor: number): string {
  return (1n << BigInt(processor)).toString(16).replace(/(?<=.)(?=(?:.{8})+$)/g, ",");
}
