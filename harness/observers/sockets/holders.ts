import { pidsThere, readDescriptors, readProcess } from "../processes/proc.ts";
import { addHolder, type Holders } from "./owners.ts";

/**
 * The processes that hold each socket, by its inode, for every process in /proc. Sockets of every kind. A process whose descriptors may
 * not be read (another user's) holds nothing here. Costs 5 us for each descriptor of the machine.
 */
export function everyHolder(): Holders {
  const holders = new Map<number, number[]>();
  for (const pid of pidsThere().map(Number)) {
    for (const inode of readDescriptors(pid)?.sockets.keys() ?? []) {
      addHolder(holders, inode, pid);
    }
  }
  return holders;
}

/** A process's own name (comm); null when it has exited. */
export function nameOf(pid: number): string | null {
  return readProcess(String(pid))?.name ?? null;
}
