import type { SocketExample } from "../model/sample.ts";
import type { TcpState, Side } from "../model/state.ts";
import { type Evidence, samplesOf } from "./evidence.ts";

/** A connection as it was seen last: who holds it, and when something was last sent and received over it. */
export interface Conversation {
  inode: number;
  side: Side;
  /** The service's port, and its address where this is the connecting end. */
  port: number;
  remote: string;
  pid: number;
  /** When it was first and last seen. */
  firstUs: number;
  lastUs: number;
  /** When the last data came and went. null: there was none. */
  receivedUs: number | null;
  sentUs: number | null;
  /** Whether bytes wait to be read, or to be acknowledged. */
  isUnread: boolean;
  isUnsent: boolean;
  /** How many segments with data it had sent when it was first and when it was last seen. null: not recorded (before Linux 4.6). */
  segmentsFirst: number | null;
  segmentsLast: number | null;
}

/**
 * The recorded connections in a state that a process holds, in the order in which they were first seen. null where it was not recorded what
 * was sent over one of them. A recording has only examples of the sockets, and a reference recording very few in each look.
 */
export function conversations(evidence: Evidence, wanted: TcpState = "ESTABLISHED"): Conversation[] | null {
  const found = new Map<number, Conversation>();
  for (const { atUs, groups } of samplesOf(evidence, "sockets")) {
    for (const { side, port, examples } of groups.filter(({ state }) => state === wanted)) {
      for (const row of examples.filter(({ pids }) => pids.length > 0)) {
        const one = conversation(row, { side, port, atUs });
        if (one === null) return null;
        const { firstUs, segmentsFirst } = found.get(row.inode) ?? one;
        found.set(row.inode, { ...one, firstUs, segmentsFirst });
      }
    }
  }
  return [...found.values()];
}

function conversation(
  { inode, tcpInfo, pids, remote, receiveQueueBytes, sendQueueBytes }: SocketExample,
  { side, port, atUs }: { side: Side; port: number; atUs: number },
): Conversation | null {
  if (tcpInfo === undefined) return null;
  const { bytesReceived, bytesSent, bytesAcked, lastDataReceivedMs, lastDataSentMs } = tcpInfo;
  const segments = tcpInfo.dataSegmentsSent ?? null;
  // Before Linux 4.19 there is no bytesSent, and the SYN of the connecting end counts among bytesAcked.
  const hasSent = (bytesSent ?? bytesAcked - (side === "connector" ? 1 : 0)) > 0;
  return {
    inode,
    side,
    port,
    remote,
    pid: pids[0] ?? 0,
    firstUs: atUs,
    lastUs: atUs,
    receivedUs: bytesReceived > 0 ? atUs - lastDataReceivedMs * 1000 : null,
    sentUs: hasSent ? atUs - lastDataSentMs * 1000 : null,
    isUnread: receiveQueueBytes > 0,
    isUnsent: sendQueueBytes > 0,
    segmentsFirst: segments,
    segmentsLast: segments,
  };
}

/** The conversations of each process. */
export function byProcess(all: readonly Conversation[]): Map<number, Conversation[]> {
  return grouped(all, ({ pid }) => pid);
}

/** The conversations with each address, where these are connecting ends. */
export function byAddress(all: readonly Conversation[]): Map<string, Conversation[]> {
  return grouped(
    all.filter(({ side }) => side === "connector"),
    ({ remote }) => remote,
  );
}

function grouped<K>(all: readonly Conversation[], keyOf: (one: Conversation) => K): Map<K, Conversation[]> {
  const found = new Map<K, Conversation[]>();
  for (const one of all) found.set(keyOf(one), [...(found.get(keyOf(one)) ?? []), one]);
  return found;
}
