import { LISTEN } from "../../kernel/sockdiag/state.ts";
import type { Owner, Side } from "../../model/state.ts";
import type { Row } from "./row.ts";

/** The processes that hold each socket, by its inode. */
export type Holders = ReadonlyMap<number, number[]>;

/** Adds a process to the holders of a socket. Returns whether it is the first one. */
export function addHolder(holders: Map<number, number[]>, inode: number, pid: number): boolean {
  const pids = holders.get(inode);
  if (pids === undefined) holders.set(inode, [pid]);
  else pids.push(pid);
  return pids === undefined;
}

const NOBODY: number[] = [];

/**
 * Finds the owners of a host's sockets, from the last sample of processes. The processes that held a port's listening socket in
 * its last sample stay its listeners: a process that has closed it still serves its last connections. A process that held it
 * only in an earlier sample does not count: between fork() and exec(), a child holds every descriptor of its parent. Where no sample had a
 * listener, who holds a connection at the listening end has accepted it, and has stopped listening since.
 */
export class Owners {
  #holders: Holders | null = null;
  readonly #listening = new Map<number, Set<number>>();
  /** The ports whose listeners this sample has had so far. */
  readonly #seen = new Set<number>();

  /** Begins a sample with the current holders; null when no observer samples the processes. */
  begin(holders: Holders | null): void {
    this.#holders = holders;
    this.#seen.clear();
  }

  /** Learns from a LISTEN row: its holders listen on its port. */
  learn(row: Row): void {
    const pids = this.pidsOf(row.inode);
    if (pids.length === 0) return;
    const again = this.#seen.has(row.localPort) ? this.#listening.get(row.localPort) : undefined;
    const known = again ?? new Set();
    this.#seen.add(row.localPort);
    for (const pid of pids) known.add(pid);
    this.#listening.set(row.localPort, known);
  }

  pidsOf(inode: number): number[] {
    if (inode === 0) return NOBODY;
    return this.#holders?.get(inode) ?? NOBODY;
  }

  ownerOf(row: Row, side: Side): Owner {
    const { inode } = row;
    if (inode === 0) return "none";
    const pids = this.pidsOf(inode);
    const [pid] = pids;
    if (pid === undefined) return "unseen";
    if (pids.length > 1) return "shared";
    if (row.state === LISTEN) return "listener";
    const listening = this.#listening.get(row.localPort);
    return side === "listener" && (listening === undefined || listening.has(pid)) ? "listener" : "process";
  }
}
