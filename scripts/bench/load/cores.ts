import { readFileSync } from "node:fs";

/** The cores that /proc/PID/status allows a process. `Cpus_allowed_list: 0-1,4` means 0, 1 and 4 (proc_pid_status(5)). */
export function coresIn(status: string): number[] {
  const list = /^Cpus_allowed_list:\s*(\S+)$/m.exec(status)?.[1] ?? "";
  return list.split(",").flatMap((range) => {
    const [first = "", last = first] = range.split("-");
    if (!/^\d+$/.test(first) || !/^\d+$/.test(last)) throw new Error(`no list of cores: ${list}`);
    return Array.from({ length: Number(last) - Number(first) + 1 }, (_, i) => Number(first) + i);
  });
}

/** One core for the server and another for the load generator. Throws when there is only one. */
export function twoCores(): { server: number; generator: number } {
  const [server, generator] = coresIn(readFileSync("/proc/self/status", "latin1"));
  if (server === undefined || generator === undefined) {
    throw new Error("server and load generator need one core each, and this process may use only one");
  }
  return { server, generator };
}
