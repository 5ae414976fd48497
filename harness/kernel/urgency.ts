import { LITTLE_ENDIAN } from "./byte-order.ts";
import { writeFileSync } from "node:fs";
import { declare } from "./libc.ts";

const setScheduler = declare<(pid: number, policy: number, parameters: Int32Array) => number>(
  "int sched_setscheduler(int pid, int policy, const void *param)",
);
const syscall = declare<(number: number, pid: number, attributes: Uint8Array, flags: number) => number>(
  "long syscall(long number, long pid, void *attributes, long flags)",
);

const setpriority = declare<(which: number, who: number, priority: number) => number>(
  "int setpriority(int which, unsigned int who, int prio)",
);

/** include/uapi/linux/resource.h. */
const PRIO_PROCESS = 0;
/** The highest priority of setpriority(2). Its share is nearly ninety times that of a process with the default (sched(7)). */
const HIGHEST = -20;

/** include/uapi/linux/sched.h. */
const SCHED_RR = 2;
const SCHED_BATCH = 3;
/** Children do not inherit the policy (include/uapi/linux/sched.h). */
const SCHED_RESET_ON_FORK = 0x40000000;
/** The number of sched_setattr(2): arch/x86/entry/syscalls/syscall_64.tbl, include/uapi/asm-generic/unistd.h. */
const SCHED_SETATTR = process.arch === "x64" ? 314 : 274;
/** struct sched_attr, include/uapi/linux/sched/types.h, as of its first version. */
const ATTRIBUTE_BYTES = 48;
const SLICE_NS = 100_000n;

/**
 * Asks the kernel to run this process as soon as it has something to do, even when other processes are busy. With CAP_SYS_NICE
 * it gets the lowest real-time priority (sched(7), SCHED_RR; the kernel leaves 5 % of a core to other processes). Otherwise it
 * asks for the shortest slice. On Linux 6.12 and later, a process with a short slice runs earlier (sched_setattr(2),
 * sched_runtime of SCHED_OTHER). Returns what was granted: `nothing` on older kernels.
 */
export function becomeUrgent(): "real-time" | "short slices" | "nothing" {
  if (setScheduler(0, SCHED_RR | SCHED_RESET_ON_FORK, Int32Array.of(1)) === 0) return "real-time";
  return askForShortSlices() ? "short slices" : "nothing";
}

/**
 * Asks for short slices for the calling thread. On Linux 6.12 and later it then runs soon after it was woken, but gets no greater
 * share of the processor (sched_setattr(2), sched_runtime of SCHED_OTHER). Returns whether that was granted.
 */
export function askForShortSlices(): boolean {
  // u32 size, u32 policy, u64 flags, s32 nice, u32 priority, u64 runtime, ...
  const attributes = new DataView(new ArrayBuffer(ATTRIBUTE_BYTES));
  attributes.setUint32(0, ATTRIBUTE_BYTES, LITTLE_ENDIAN);
  attributes.setBigUint64(24, SLICE_NS, LITTLE_ENDIAN);
  return syscall(SCHED_SETATTR, 0, new Uint8Array(attributes.buffer), 0) === 0;
}

/**
 * Asks for the greatest share of the processors that an ordinary process can have, for this thread and for all that it starts from now
 * on (setpriority(2)). It needs CAP_SYS_NICE. Returns whether that was granted.
 */
export function askForPriority(): boolean {
  return setpriority(PRIO_PROCESS, 0, HIGHEST) === 0;
}

/**
 * The same for a whole session. With the autogroup feature (sched(7)), the kernel first divides the processors among sessions, and the
 * priority of a process counts only within its session. Returns whether that was granted; false also on a kernel without autogroups.
 */
export function askForSessionPriority(pid: number): boolean {
  try {
    writeFileSync(`/proc/${pid}/autogroup`, String(HIGHEST));
    return true;
  } catch {
    return false;
  }
}

/**
 * Asks the kernel never to interrupt another process in favour of this one (sched(7), SCHED_BATCH), for this process and for all threads
 * that it starts from now on. Its share of the processor stays the same. Where a load generator shares a processor with its server, it is
 * otherwise woken by each response, and each request costs two context switches. Returns whether that was granted.
 */
export function askForBatches(pid: number): boolean {
  return setScheduler(pid, SCHED_BATCH, Int32Array.of(0)) === 0;
}
