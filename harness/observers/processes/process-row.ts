import { processCpuMs, sinceBootUs } from "../../kernel/clock.ts";
import { PAGE_BYTES } from "../../kernel/page-size.ts";
import type { ProgramName } from "../../model/names.ts";
import type { ProcessRow } from "../../model/sample.ts";
import { type Descriptors, readDescriptorLimit } from "./proc.ts";
import type { ProcessStat } from "./stat.ts";

/** USER_HZ is 100: a clock tick of /proc/PID/stat is 10 ms (proc_pid_stat(5); include/asm-generic/param.h). */
const MS_PER_TICK = 10;

/** A process as a sample has it, but for its sockets without a row; null when it has exited. `pids`: all processes that there are. */
export function processRow(
  stat: ProcessStat,
  program: ProgramName,
  descriptors: Descriptors,
  pids: { has: (pid: number) => boolean },
): ProcessRow | null {
  const cpuMs = processCpuMs(stat.pid);
  if (cpuMs === null) return null;
  const descriptorLimit = readDescriptorLimit(stat.pid);
  return {
    pid: stat.pid,
    parentPid: stat.parentPid,
    program,
    name: stat.name,
    state: stat.state,
    leaderEnded: !pids.has(stat.processGroup),
    descriptors: descriptors.count,
    ...(descriptorLimit !== null && { descriptorLimit }),
    sockets: descriptors.sockets.size,
    rssBytes: stat.rssPages * PAGE_BYTES,
    cpuMs,
    kernelMs: stat.kernelTicks * MS_PER_TICK,
    ageMs: Math.max(0, Math.round(sinceBootUs() / 1000) - stat.startTicks * MS_PER_TICK),
  };
}
