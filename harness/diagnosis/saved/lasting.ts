import { LISTEN } from "../../kernel/sockdiag/state.ts";
import { unreadColumn, withValues } from "../../measure/unread.ts";
import type { SocketExample, SocketGroup } from "../../model/sample.ts";
import type { SavedSocket } from "./socket.ts";

/**
 * The sockets that were there all the time between two looks, as far as the two show it: the same ends, state, holders and timer, and no byte
 * of their queues has moved. Of a listener's queue counts what lasted in it.
 */
export function lasting(before: readonly SavedSocket[], after: readonly SavedSocket[]): SavedSocket[] {
  const known = new Map(before.map((socket) => [nameOf(socket), socket]));
  const kept = after.filter((socket) => {
    const former = known.get(nameOf(socket));
    return former !== undefined && (socket.state === LISTEN || stands(former, socket));
  });
  return kept.map((socket) =>
    socket.state === LISTEN ? withLastingQueue(socket, known.get(nameOf(socket)), kept) : socket,
  );
}

function nameOf({ state, local, remote, inode, holders, timer }: SavedSocket): string {
  const held = holders.map(({ pid, descriptor }) => `${pid}/${descriptor}`).join();
  return [state, local.address, local.port, remote.address, remote.port, inode, timer, held].join(" ");
}

function stands(before: SavedSocket, after: SavedSocket): boolean {
  const waits = (queue: "receiveQueue" | "sendQueue"): boolean => before[queue] > 0 && after[queue] > 0;
  if (before.receiveQueue > 0 !== after.receiveQueue > 0 || before.sendQueue > 0 !== after.sendQueue > 0)
    return false;
  if (waits("receiveQueue")) {
    const came = (after.info?.bytesReceived ?? 0) - (before.info?.bytesReceived ?? 0);
    if (after.receiveQueue - before.receiveQueue !== came) return false;
  }
  if (!waits("sendQueue")) return true;
  return after.info === null || before.info === null
    ? before.sendQueue === after.sendQueue
    : before.info.bytesAcked === after.info.bytesAcked;
}

/** Connections that nobody holds wait at their listener. Without a column of holders nobody knows which do. */
function withLastingQueue(
  listener: SavedSocket,
  before: SavedSocket | undefined,
  kept: readonly SavedSocket[],
): SavedSocket {
  const waiting = kept.filter(
    ({ state, local, inode, holders }) =>
      state !== LISTEN && local.port === listener.local.port && inode === 0 && holders.length === 0,
  );
  const receiveQueue = Math.min(before?.receiveQueue ?? 0, listener.receiveQueue, waiting.length);
  return { ...listener, receiveQueue };
}

/** The same sockets some time later, if nothing happens: only their ages grow. */
export function later(groups: readonly SocketGroup[], ms: number): SocketGroup[] {
  return groups.map((group) => withValues(group, { examples: group.examples.map((row) => older(row, ms)) }));
}

function older(row: SocketExample, ms: number): SocketExample {
  const info = unreadColumn(row, "tcpInfo") === null ? row.tcpInfo : undefined;
  if (info === undefined) return row;
  const { lastDataSentMs, lastDataReceivedMs, lastAckReceivedMs } = info;
  const ages = {
    lastDataSentMs: lastDataSentMs + ms,
    lastDataReceivedMs: lastDataReceivedMs + ms,
    ...(lastAckReceivedMs !== undefined && { lastAckReceivedMs: lastAckReceivedMs + ms }),
  };
  return withValues(row, { tcpInfo: { ...info, ...ages } });
}
