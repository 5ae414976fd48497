import { SOCKET_STATES } from "../../kernel/sockdiag/state.ts";
import type { SavedSocket } from "./socket.ts";

const TIME_WAIT = SOCKET_STATES.indexOf("TIME-WAIT");
/** ss prints the time that is left of a TIME-WAIT in whole seconds. */
const ROUNDED_MS = 1000;

/** How long after one text another was taken, by the ages that they show; null where they show none. */
export function apartMs(before: readonly SavedSocket[], after: readonly SavedSocket[]): number | null {
  const known = new Map(before.map((socket) => [nameOf(socket), socket]));
  const pairs = after.flatMap((socket) => {
    const former = known.get(nameOf(socket));
    return former === undefined ? [] : [[former, socket] as const];
  });
  return middle(pairs.flatMap(agedMs)) ?? middle(pairs.flatMap(waitedMs));
}

function nameOf({ state, local, remote }: SavedSocket): string {
  return [state, local.address, local.port, remote.address, remote.port].join(" ");
}

/** By how much the time since the last byte has grown on a connection over which nothing has gone. */
function agedMs([before, after]: readonly [SavedSocket, SavedSocket]): number[] {
  const [old, now] = [before.info, after.info];
  if (old === null || now === null) return [];
  if (old.bytesAcked !== now.bytesAcked || old.bytesReceived !== now.bytesReceived) return [];
  const [sent, received] = [
    now.lastDataSentMs - old.lastDataSentMs,
    now.lastDataReceivedMs - old.lastDataReceivedMs,
  ];
  return sent > 0 && Math.abs(sent - received) <= 20 ? [sent] : [];
}

/** At least so much shorter has a TIME-WAIT become. */
function waitedMs([before, after]: readonly [SavedSocket, SavedSocket]): number[] {
  if (before.state !== TIME_WAIT || before.timerMs === 0 || after.timerMs === 0) return [];
  const ms = before.timerMs - after.timerMs;
  return ms > ROUNDED_MS ? [ms - ROUNDED_MS] : [];
}

function middle(values: number[]): number | null {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? null;
}
