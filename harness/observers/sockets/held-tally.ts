import { LISTEN, stateName } from "../../kernel/sockdiag/state.ts";
import type { Held, Holder } from "../../model/census.ts";
import type { Side, StateCounts } from "../../model/state.ts";
import type { Holders } from "./owners.ts";
import type { Row } from "./row.ts";

/** The fields of a socket that are counted for its holders. */
type HeldRow = Pick<Row, "inode" | "state" | "receiveQueue" | "sendQueue">;
type Counted = Omit<Holder, "pid" | "name">;

/** Counts sockets by the processes that hold them, for one sample after another. */
export class HeldTally {
  #holders: Holders = new Map();
  readonly #byPid = new Map<number, Counted>();
  #none: StateCounts = {};
  #unseen: StateCounts = {};

  /** Begins a sample, with the holders of each inode. */
  begin(holders: Holders): void {
    this.#holders = holders;
    this.#byPid.clear();
    [this.#none, this.#unseen] = [{}, {}];
  }

  /** Counts a socket. One that has no inode is held by no process. */
  add({ inode, state, receiveQueue, sendQueue }: HeldRow, side: Side): void {
    const name = stateName(state);
    const pids = inode === 0 ? [] : (this.#holders.get(inode) ?? []);
    if (pids.length === 0) count(inode === 0 ? this.#none : this.#unseen, name);
    for (const pid of pids) {
      const one = this.#byPid.get(pid) ?? nothing();
      this.#byPid.set(pid, one);
      count(one.states, name);
      one.sockets += 1;
      one.sides[side] += 1;
      // The queues of a listening socket hold connections, not bytes.
      if (state === LISTEN) continue;
      one.unreadBytes += receiveQueue;
      one.unacknowledgedBytes += sendQueue;
    }
  }

  /** The counts, those with the most sockets first. `nameOf` returns a process's name; null when it has exited. */
  held(nameOf: (pid: number) => string | null): Held {
    const processes = [...this.#byPid].map(([pid, counted]) => ({
      pid,
      name: nameOf(pid) ?? "exited",
      ...counted,
    }));
    return {
      processes: processes.toSorted((a, b) => b.sockets - a.sockets || a.pid - b.pid),
      none: this.#none,
      unseen: this.#unseen,
    };
  }
}

function nothing(): Counted {
  return {
    sockets: 0,
    states: {},
    sides: { listener: 0, connector: 0 },
    unreadBytes: 0,
    unacknowledgedBytes: 0,
  };
}

function count(states: StateCounts, state: keyof StateCounts): void {
  states[state] = (states[state] ?? 0) + 1;
}
