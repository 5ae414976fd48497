import { pidsThere, readProcess } from "./proc.ts";
import type { ProcessStat } from "./stat.ts";

/**
 * Reads the descendants of one process again and again, and skips all other processes. With two dozen trials at once there are a hundred
 * others, and reading them for every sample was a third of the cost of sampling. A process that is no descendant at its first reading will
 * never become one: it gets a new parent only when its parent exits, and the new one is an ancestor. A pid that disappeared in between is
 * read anew.
 */
export class Kin {
  readonly #of: number;
  #strangers = new Set<string>();

  /** `of` must be a subreaper (prctl(2)). Otherwise orphans among its descendants would get a parent outside. */
  constructor(of: number) {
    this.#of = of;
  }

  /** The process itself and all its current descendants, without dead ones. */
  read(): ProcessStat[] {
    const there = pidsThere();
    const unknown = there.filter((pid) => !this.#strangers.has(pid)).flatMap((pid) => readProcess(pid) ?? []);
    const stillThere = there.filter((pid) => this.#strangers.has(pid));
    const { kin, strangers } = sortByLine(unknown, this.#of, new Set(stillThere));
    this.#strangers = new Set([...stillThere, ...strangers.map(({ pid }) => String(pid))]);
    return kin;
  }
}

/**
 * Sorts processes by their ancestors. `kin` are `root` and its descendants. `strangers` are processes whose ancestors lead to the first
 * process of all, or to a known stranger. A process with an ancestor that could not be read is in neither list: nothing is known of it yet.
 */
export function sortByLine(
  all: readonly ProcessStat[],
  root: number,
  strangers: ReadonlySet<string> = new Set(),
): { kin: ProcessStat[]; strangers: ProcessStat[] } {
  const parents = new Map(all.map(({ pid, parentPid }) => [pid, parentPid]));
  const isKin = (pid: number): boolean | null => {
    // The number of processes limits the steps, because parents can form a circle: /proc changes while it is read.
    for (let [at, steps] = [pid, 0]; steps <= parents.size; steps += 1) {
      if (at === root) return true;
      if (at === 0 || strangers.has(String(at))) return false;
      const parent = parents.get(at);
      if (parent === undefined) return null;
      at = parent;
    }
    return null;
  };
  const sorted = all.map((stat) => ({ stat, is: isKin(stat.pid) }));
  const those = (wanted: boolean): ProcessStat[] =>
    sorted.filter(({ is }) => is === wanted).map(({ stat }) => stat);
  return { kin: those(true), strangers: those(false) };
}
