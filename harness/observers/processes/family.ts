import type { ProgramName } from "../../model/names.ts";
import type { ProcessStat } from "./stat.ts";

/**
 * Finds which process belongs to which program: a program's first process, its process group, and all their descendants. A
 * process that belonged once belongs until it ends: an orphan has a new parent, and can have left the group. A process is
 * recognised by its pid and its start time.
 */
export class Family {
  #known = new Map<number, { startTicks: number; program: ProgramName }>();

  /** The program of each process in `all` that belongs to one. `roots` has the pids of the programs' first processes. */
  sort(all: ProcessStat[], roots: ReadonlyMap<ProgramName, number>): Map<ProcessStat, ProgramName> {
    const rooted = new Map([...roots].map(([program, pid]) => [pid, program]));
    const byPid = new Map(all.map((stat) => [stat.pid, stat]));
    const found = new Map<number, ProgramName | undefined>();
    const programOf = (stat: ProcessStat): ProgramName | undefined => {
      if (found.has(stat.pid)) return found.get(stat.pid);
      // Set first, to end the search in a circle of parents. There can be one, because /proc changes while it is read.
      found.set(stat.pid, undefined);
      const known = this.#known.get(stat.pid);
      const parent = byPid.get(stat.parentPid);
      const program =
        rooted.get(stat.pid) ??
        rooted.get(stat.processGroup) ??
        (known?.startTicks === stat.startTicks ? known.program : undefined) ??
        (parent && programOf(parent));
      found.set(stat.pid, program);
      return program;
    };
    const members = new Map<ProcessStat, ProgramName>();
    for (const stat of all) {
      const program = programOf(stat);
      if (program !== undefined) members.set(stat, program);
    }
    this.#known = new Map(
      [...members].map(([{ pid, startTicks }, program]) => [pid, { startTicks, program }]),
    );
    return members;
  }
}
