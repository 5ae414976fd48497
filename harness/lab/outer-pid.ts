import { readdirSync, readFileSync } from "node:fs";

/**
 * Finds, among the descendants of `ancestor`, the process that a pid namespace below it numbers `inner`, and returns the
 * number that this process's own pid namespace gives it; null when there is none. Source: `NSpid` and `PPid` of
 * /proc/PID/status, proc_pid_status(5).
 */
export function outerPid(ancestor: number, inner: number): number | null {
  const rows = readdirSync("/proc")
    .map(Number)
    .filter((pid) => Number.isInteger(pid))
    .flatMap((pid) => statusOf(pid) ?? []);
  const family = new Set([ancestor]);
  // A child has a higher pid than its parent, unless the pid counter wrapped around. So a few passes find all of them.
  for (let before = 0; before !== family.size;) {
    before = family.size;
    for (const row of rows) if (family.has(row.parent)) family.add(row.pid);
  }
  const found = rows.find(
    (row) => family.has(row.pid) && row.numbers.length > 1 && row.numbers.at(-1) === inner,
  );
  return found?.pid ?? null;
}

function statusOf(pid: number): { pid: number; parent: number; numbers: number[] } | null {
  try {
    const status = readFileSync(`/proc/${pid}/status`, "latin1");
    const field = (name: string): string => new RegExp(`^${name}:\\s*(.*)$`, "m").exec(status)?.[1] ?? "";
    return { pid, parent: Number(field("PPid")), numbers: field("NSpid").split(/\s+/).map(Number) };
  } catch {
    return null;
  }
}
