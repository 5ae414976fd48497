import { LITTLE_ENDIAN } from "./byte-order.ts";
import { declare } from "./libc.ts";

const setScheduler = declare<(pid: number, policy: number, parameters: Int32Array) => number>(
  "int sched_setscheduler(int pid, int policy, const void *param)",
);
const syscall = declare<(number: number, pid: number, attributes: Uint8Array, flags: number) => number>(
  "long syscall(long number, long pid, void *attributes, long flags)",
);

/** include/uapi/linux/sched.h. */
const SCHED_RR = 2;
/** Children do not inherit it: include/uapi/linux/sched.h. */
const SCHED_RESET_ON_FORK = 0x40000000;
/** The number of sched_setattr(2): arch/x86/entry/syscalls/syscall_64.tbl, include/uapi/asm-generic/unistd.h. */
const SCHED_SETATTR = process.arch === "x64" ? 314 : 274;
/** struct sched_attr, include/uapi/linux/sched/types.h, as of its first version. */
const ATTRIBUTE_BYTES = 48;
const SLICE_NS = 100_000n;

/**
 * Asks that this process run at once when it has something to do, whoever else is busy. With CAP_SYS_NICE it becomes
 * the lowest of the real-time ones (sched(7), SCHED_RR; the kernel leaves 5 % of a core to the others); otherwise it asks for
 * the shortest slice, which on Linux 6.12 and later means an earlier turn (sched_setattr(2), sched_runtime of SCHED_OTHER).
 * What was granted; `nothing` on older kernels.
 */
export function becomeUrgent(): "real-time" | "short slices" | "nothing" {
  if (setScheduler(0, SCHED_RR | SCHED_RESET_ON_FORK, Int32Array.of(1)) === 0) return "real-time";
  return askForShortSlices() ? "short slices" : "nothing";
}

/**
 * Asks that the calling thread have its turns in short slices: on Linux 6.12 and later it then runs soon after it was woken, and
 * has no more of the processor than others (sched_setattr(2), sched_runtime of SCHED_OTHER). Whether that was granted.
 */
export function askForShortSlices(): boolean {
  // u32 size, u32 policy, u64 flags, s32 nice, u32 priority, u64 runtime, ...
  const attributes = new DataView(new ArrayBuffer(ATTRIBUTE_BYTES));
  attributes.setUint32(0, ATTRIBUTE_BYTES, LITTLE_ENDIAN);
  attributes.setBigUint64(24, SLICE_NS, LITTLE_ENDIAN);
  return syscall(SCHED_SETATTR, 0, new Uint8Array(attributes.buffer), 0) === 0;
}
