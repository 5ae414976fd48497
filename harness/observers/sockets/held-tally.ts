import { stateName } from "../../kernel/sockdiag/state.ts";
import type { StateCounts } from "../../model/state.ts";
import type { Holders } from "./owners.ts";
import type { Row } from "./row.ts";

/** Sockets by the process that holds them, as `Held` of the report. */
interface Tallied {
  processes: { pid: number; name: string; sockets: number; states: StateCounts }[];
  none: StateCounts;
  unseen: StateCounts;
}

/** Counts sockets by the processes that hold them, for one sample after another. */
export class HeldTally {
  #holders: Holders = new Map();
  readonly #byPid = new Map<number, StateCounts>();
  #none: StateCounts = {};
  #unseen: StateCounts = {};

  /** Begins a sample, with the holders of each inode. */
  begin(holders: Holders): void {
    this.#holders = holders;
    this.#byPid.clear();
    [this.#none, this.#unseen] = [{}, {}];
  }

  /** Counts a socket. One that has no inode is held by no process. */
  add({ inode, state }: Pick<Row, "inode" | "state">): void {
    const name = stateName(state);
    const pids = inode === 0 ? [] : (this.#holders.get(inode) ?? []);
    if (pids.length === 0) count(inode === 0 ? this.#none : this.#unseen, name);
    for (const pid of pids) {
      const states = this.#byPid.get(pid) ?? {};
      count(states, name);
      this.#byPid.set(pid, states);
    }
  }

  /** The counts, those with the most sockets first. `nameOf` returns a process's name; null when it has exited. */
  held(nameOf: (pid: number) => string | null): Tallied {
    const processes = [...this.#byPid].map(([pid, states]) => ({
      pid,
      name: nameOf(pid) ?? "exited",
      sockets: Object.values(states).reduce((sum, one) => sum + one, 0),
      states,
    }));
    return {
      processes: processes.toSorted((a, b) => b.sockets - a.sockets || a.pid - b.pid),
      none: this.#none,
      unseen: this.#unseen,
    };
  }
}

function count(states: StateCounts, state: keyof StateCounts): void {
  states[state] = (states[state] ?? 0) + 1;
}
