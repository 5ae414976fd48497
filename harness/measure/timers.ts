import type { SeenTimer } from "../model/state.ts";
import { type Evidence, samplesOf } from "./evidence.ts";
import { exampleRows, type Sockets } from "./sockets.ts";

/** The timer that sockets were seen with, and the longest time until it was due, in seconds. */
export interface TimerSeen {
  timer: SeenTimer;
  dueS: number;
}

/**
 * The timer on sockets of one state, side and port; null when none was recorded, or not all looks saw the same one. A delayed
 * acknowledgement does not count as a timer here, because Linux before 7 does not report it.
 */
export function timerOn(evidence: Evidence, which: Sockets): TimerSeen | null {
  const rows = samplesOf(evidence, "sockets", which.host).flatMap((look) =>
    look.groups
      .filter(({ state, side, port }) => state === which.state && side === which.side && port === which.port)
      .flatMap(({ timer, examples }) => examples.map(({ timerMs }) => timerOf(timer, timerMs))),
  );
  const [first] = rows;
  if (first === undefined || rows.some(({ timer }) => timer !== first.timer)) return null;
  return { timer: first.timer, dueS: Math.round(Math.max(...rows.map(({ dueS }) => dueS))) };
}

function timerOf(timer: SeenTimer, timerMs: number): TimerSeen {
  return timer === "delack" ? { timer: "none", dueS: 0 } : { timer, dueS: timerMs / 1000 };
}

/** The longest time until the timer of such sockets was due, in seconds, in the look that saw most of them; null when none was seen. */
export function dueSeconds(evidence: Evidence, which: Sockets): number | null {
  const rows = exampleRows(evidence, which);
  return rows.length === 0 ? null : Math.max(...rows.map(({ timerMs }) => timerMs)) / 1000;
}
