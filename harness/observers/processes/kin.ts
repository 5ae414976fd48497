import { pidsThere, readProcess } from "./proc.ts";
import type { ProcessStat } from "./stat.ts";

/**
 * Reads those processes that descend from one, again and again, and passes over those that do not: with two dozen trials at once there are a
 * hundred of them, and reading each for every look was a third of what looks cost. Who does not descend from it when first seen never will:
 * a process has a new parent only when its own is gone, and that is one of the line it came from. A pid that was gone in between is read anew.
 */
export class Kin {
  readonly #of: number;
  #strangers = new Set<string>();

  /** `of` must be a subreaper (prctl(2)), or orphans of its line leave it. */
  constructor(of: number) {
    this.#of = of;
  }

  /** The process itself and all that descend from it now, but for the dead. */
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
 * Those of `all` whose line of parents leads to `root`, itself among them, and those whose line leads elsewhere: to the first process of all,
 * or to one that is known as a stranger. Of the others a parent was not there to be read, and nothing is known yet.
 */
export function sortByLine(
  all: readonly ProcessStat[],
  root: number,
  strangers: ReadonlySet<string> = new Set(),
): { kin: ProcessStat[]; strangers: ProcessStat[] } {
  const parents = new Map(all.map(({ pid, parentPid }) => [pid, parentPid]));
  const isKin = (pid: number): boolean | null => {
    // No line is longer than there are processes; one that closes on itself, as two looks at a changing world can show, ends here.
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
