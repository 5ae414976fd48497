import { writeFileSync } from "node:fs";
import { check, declare } from "../kernel/libc.ts";
import { inside, type NetworkNamespace } from "../kernel/namespace.ts";
import { sysctlPath } from "./sysctl.ts";

/** sched_getcpu(3): the processor on which the calling thread runs, from 0. */
const currentProcessor = declare<() => number>("int sched_getcpu()");

/**
 * Makes the interfaces that a namespace gets from now on deliver packets in the order of sending, as a wire does. With a plain veth
 * pair, the processor that sends a packet also receives it (netif_rx, net/core/dev.c). When processors are busy, a FIN sent on one
 * processor can overtake an ACK that waits on another. The late ACK is answered by a RST, and the RST ends a TIME-WAIT (RFC 1337).
 * Receive packet steering to one processor (Documentation/networking/scaling.rst) puts all packets into one queue. It is the queue of
 * the processor on which the lab runs at this moment, so different trials use different processors. Kernels before 6.3 do not have this
 * sysctl, and it can be read-only. Links then keep the kernel's behaviour; the sysctl in the recording's header shows which it was.
 */
export function deliverInOrder(namespace: NetworkNamespace): void {
  const processor = check(currentProcessor(), "sched_getcpu", "reading the current processor");
  inside(namespace, () => {
    try {
      writeFileSync(sysctlPath(STEERING), processorMask(processor));
    } catch {
      // The sysctl does not exist (ENOENT), is read-only (EROFS, EACCES), or that processor is isolated (EINVAL).
    }
  });
}

/** Which processors handle the packets that an interface receives. It is applied to interfaces made in this namespace afterwards. */
const STEERING = "net.core.rps_default_mask";

/** The mask of one processor in the kernel's notation: hexadecimal, in groups of 32 bits (bitmap_parse, lib/bitmap-str.c). */
export function processorMask(processor: number): string {
  return (1n << BigInt(processor)).toString(16).replace(/(?<=.)(?=(?:.{8})+$)/g, ",");
}
