import { samplesOf } from "../measure/evidence.ts";
import { awaitsNoClient } from "../measure/thread-waits.ts";
import { whereRead } from "../measure/unread.ts";
import type { View } from "../model/expectation.ts";
import type { SocketExample, SocketGroup } from "../model/sample.ts";

/** A program answers within this time, or works on it. */
const QUIET_MS = 1500;

/**
 * Connections of a port whose client has spoken last, in all that was recorded of them, at least 1.5 s ago: a process has read it, and nothing
 * went back. A collector of logs has such connections by design, so this is a number and accuses nobody.
 */
export interface Unanswered {
  port: number;
  count: number;
  /** Whether surely no thread waited for any client meanwhile, and none ran: what is owed does not come of its own accord. */
  isIdle: boolean;
}

/** Such connections in the last look at a subject; none where the text does not show it. */
export function unansweredOn(view: View): Unanswered[] {
  return whereRead(() => unanswered(view)) ?? [];
}

function unanswered(view: View): Unanswered[] {
  const looks = samplesOf(view, "sockets");
  const [last, since] = [looks.at(-1), looks[0]?.atUs ?? 0];
  const ports = new Map<number, { count: number; pids: Set<number> }>();
  for (const group of last?.groups ?? []) {
    if (!isRead(group)) continue;
    const owed = group.examples.filter((one) => isOwed(group, one));
    if (owed.length === 0) continue;
    const one = ports.get(group.port) ?? { count: 0, pids: new Set<number>() };
    one.count += owed.length === group.examples.length ? group.count : owed.length;
    for (const pid of owed.flatMap(({ pids }) => pids)) one.pids.add(pid);
    ports.set(group.port, one);
  }
  return [...ports].map(([port, { count, pids }]) => {
    const span = { fromUs: Math.max(since, (last?.atUs ?? 0) - QUIET_MS * 1000), toUs: last?.atUs ?? 0 };
    return { port, count, isIdle: awaitsNoClient(view, { host: view.host, pids: [...pids], ...span }) };
  });
}

/** Whether a process holds these connections of its clients, and has read all that came. */
function isRead({ state, side, owner, receiveQueue }: SocketGroup): boolean {
  return state === "ESTABLISHED" && side === "listener" && owner !== "none" && receiveQueue === "empty";
}

/** Until something is sent, the time of the last sending is that of the handshake (tcp_create_openreq_child() in net/ipv4/tcp_minisocks.c). */
function isOwed({ exchanged }: SocketGroup, { tcpInfo }: SocketExample): boolean {
  if (tcpInfo === undefined || tcpInfo.bytesReceived === 0) return false;
  const { lastDataReceivedMs, lastDataSentMs } = tcpInfo;
  const isLast = exchanged === "received" || (exchanged === "both" && lastDataSentMs > lastDataReceivedMs);
  return isLast && lastDataReceivedMs >= QUIET_MS;
}
