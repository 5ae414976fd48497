import { readdirSync, readFileSync, readlinkSync } from "node:fs";

const NAMESPACES = ["net", "pid", "mnt", "user"] as const;

/** What a run of lastack is made of, seen from outside: processes that carry a mark in their environment, and their namespaces. */
export interface Traces {
  pids: number[];
  namespaces: Set<string>;
}

/** The environment variable that marks everything a test started. */
export const MARK = "LASTACK_TEST_MARK";

/** Finds every process that carries the mark, and the namespaces they are in that this process is not in. */
export function tracesOf(mark: string): Traces {
  const own = new Set(namespacesOf("self"));
  const pids = processes().filter((pid) => environment(pid).includes(`${MARK}=${mark}`));
  const namespaces = pids.flatMap((pid) => [...namespacesOf(pid), ...namespacesOfDescendants(pid)]);
  return { pids, namespaces: new Set(namespaces.filter((namespace) => !own.has(namespace))) };
}

/** Processes that live in any of some namespaces, marked or not: servers and clients carry no mark. */
export function inhabitants(namespaces: Set<string>): number[] {
  return processes().filter((pid) => namespacesOf(pid).some((namespace) => namespaces.has(namespace)));
}

/** The mounts of this process's namespace: what must be the same before and after. */
export function mounts(): string {
  return readFileSync("/proc/self/mountinfo", "utf8")
    .split("\n")
    .map((line) => line.split(" ").slice(2, 6).join(" "))
    .join("\n");
}

function processes(): number[] {
  return readdirSync("/proc")
    .map(Number)
    .filter((pid) => Number.isInteger(pid) && pid > 0);
}

function environment(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/environ`, "latin1");
  } catch {
    return "";
  }
}

function namespacesOf(pid: number | "self"): string[] {
  return NAMESPACES.flatMap((kind) => {
    try {
      return readlinkSync(`/proc/${pid}/ns/${kind}`);
    } catch {
      return [];
    }
  });
}

function namespacesOfDescendants(pid: number): string[] {
  return processes()
    .filter((candidate) => parentOf(candidate) === pid)
    .flatMap((child) => namespacesOf(child));
}

function parentOf(pid: number): number {
  try {
    return Number(/^PPid:\s*(\d+)$/m.exec(readFileSync(`/proc/${pid}/status`, "latin1"))?.[1]);
  } catch {
    return 0;
  }
}
