import type { ListenerRow } from "../../model/sample.ts";
import type { Row } from "./row.ts";

/** A listener, from its row. At LISTEN, the two queues of a row count connections: how many wait, and how many can wait. */
export function listenerRow(
  row: Pick<Row, "localAddress" | "localPort" | "receiveQueue" | "sendQueue" | "inode">,
  pids: readonly number[] | null,
): ListenerRow {
  return {
    address: row.localAddress,
    port: row.localPort,
    queue: row.receiveQueue,
    backlog: row.sendQueue,
    inode: row.inode,
    ...(pids !== null && { pids: pids.toSorted((a, b) => a - b) }),
  };
}

/** Sorts the listeners of a sample: by port, and those of one port by age. */
export function byPort(a: ListenerRow, b: ListenerRow): number {
  return a.port - b.port || a.inode - b.inode;
}
