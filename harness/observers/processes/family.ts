import type { ProgramName } from "../../model/names.ts";
import type { ProcessStat } from "./stat.ts";

/**
 * Which process belongs to which program: a program's first process, all of its process group, and all their descendants.
 * Who once belonged belongs for life: an orphan has a new parent and may have left the group. A process is known
 * again by its pid and the time it began.
 */
export class Family {
  #known = new Map<number, { startTicks: number; program: ProgramName }>();

  /** The program of each process among `all` that has one. `roots` are the first processes' pids. */
  sort(all: ProcessStat[], roots: ReadonlyMap<ProgramName, number>): Map<ProcessStat, ProgramName> {
    const rooted = new Map([...roots].map(([program, pid]) => [pid, program]));
    const byPid = new Map(all.map((stat) => [stat.pid, stat]));
    const found = new Map<number, ProgramName | undefined>();
    const programOf = (stat: ProcessStat): ProgramName | undefined => {
      if (found.has(stat.pid)) return found.get(stat.pid);
      // Set first: a line of parents that closes on itself, as two looks at a changing world can show, ends here.
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
