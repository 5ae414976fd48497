import type { SeenTimer } from "../model/state.ts";
import { type Evidence, samplesOf } from "./evidence.ts";
import { exampleRows, type Sockets } from "./sockets.ts";

/** The timer that sockets were seen with, and in how many seconds it was due at the most. */
export interface TimerSeen {
  timer: SeenTimer;
  dueS: number;
}

/**
 * The timer on sockets of one state, side and port; null when none was written down, or not all looks saw the same one. An
 * acknowledgement put off is no timer on the socket here: Linux before 7 does not tell of it.
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

/** In how many seconds the timer of such sockets was due, at the most, in the look that saw most of them; null when none was seen. */
export function dueSeconds(evidence: Evidence, which: Sockets): number | null {
  const rows = exampleRows(evidence, which);
  return rows.length === 0 ? null : Math.max(...rows.map(({ timerMs }) => timerMs)) / 1000;
}
