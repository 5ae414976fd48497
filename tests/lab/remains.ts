import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { descendants } from "../../harness/kernel/process.ts";

const NAMESPACES = ["net", "pid", "mnt", "user"] as const;

/** A process and its start time in clock ticks since boot. A pid alone may belong to another process by now. */
export interface Being {
  pid: number;
  began: string;
}

/** The environment variable that marks everything that a test starts. */
export const MARK = "LASTACK_TEST_MARK";

/** Every process that has the mark in its environment. */
export function marked(mark: string): Being[] {
  return beings().filter(({ pid }) => environment(pid).includes(`${MARK}=${mark}`));
}

/** The marked processes, their descendants, and all processes in their namespaces, because processes of the lab have no mark. */
export function inhabitants(mark: string): Being[] {
  const own = new Set(namespacesOf("self"));
  const family = new Set(marked(mark).flatMap(({ pid }) => descendants(pid)));
  const founders = beings().filter(({ pid }) => family.has(pid));
  const foreign = founders.flatMap(({ pid }) => namespacesOf(pid)).filter((namespace) => !own.has(namespace));
  const theirs = new Set(foreign);
  const others = beings().filter(({ pid }) => namespacesOf(pid).some((namespace) => theirs.has(namespace)));
  return [...new Map([...founders, ...others].map((being) => [being.pid, being])).values()];
}

/** Whether a process still exists and is the same one. */
export function isAlive({ pid, began }: Being): boolean {
  return statOf(pid)?.[19] === began;
}

/** The mounts of this process's namespace, which must be the same before and after. */
export function mounts(): string {
  return readFileSync("/proc/self/mountinfo", "utf8")
    .split("\n")
    .map((line) => line.split(" ").slice(2, 6).join(" "))
    .join("\n");
}

function beings(): Being[] {
  return readdirSync("/proc")
    .map(Number)
    .filter((pid) => Number.isInteger(pid) && pid > 0)
    .flatMap((pid) => {
      const began = statOf(pid)?.[19];
      return began === undefined ? [] : [{ pid, began }];
    });
}

/** The fields of /proc/PID/stat after the name, from the state on: [19] is starttime (proc_pid_stat(5)); null when gone. */
function statOf(pid: number): string[] | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  } catch {
    return null;
  }
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
