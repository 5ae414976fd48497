import { calls } from "../../../measure/calls.ts";
import { samplesOf } from "../../../measure/evidence.ts";
import { processSeries } from "../../../measure/processes.ts";
import { segments } from "../../../measure/segments.ts";
import { type Sockets, socketSeries } from "../../../measure/sockets.ts";
import type { Recording } from "../../../model/recording.ts";
import type { TcpFlag } from "../../../model/segment.ts";
import type { SeenTimer } from "../../../model/state.ts";

/** The server's ends of a port that are in CLOSE-WAIT. */
export function closeWait(port: number): Sockets {
  return { host: "server", state: "CLOSE-WAIT", side: "listener", port };
}

/** Seconds from the first look that saw such sockets to the last one without a break; 0 where none did. */
export function secondsSeen(recording: Recording, which: Sockets): number {
  const stretch = socketSeries(recording, which).longest((count) => count > 0);
  return stretch === null ? 0 : (stretch.toUs - stretch.fromUs) / 1e6;
}

/** Seconds from the first look that saw such sockets to the next one that saw none; null where none did, or they stayed. */
export function secondsUntilGone(recording: Recording, which: Sockets): number | null {
  const { points } = socketSeries(recording, which);
  const first = points.find(({ value }) => value > 0);
  const gone = points.find(({ atUs, value }) => first !== undefined && atUs > first.atUs && value === 0);
  return first === undefined || gone === undefined ? null : (gone.atUs - first.atUs) / 1e6;
}

/** How many such sockets the last look of the drain saw; null without a look. */
export function left(recording: Recording, which: Sockets): number | null {
  return socketSeries(recording, which).during("drain").last?.value ?? null;
}

/** The most such sockets that one look saw; null without a look. */
export function most(recording: Recording, which: Sockets): number | null {
  return socketSeries(recording, which).peak?.value ?? null;
}

/** Seconds from an intervention to the first look that saw no such socket; null when it was not done, or they stayed. */
export function secondsAfter(recording: Recording, intervention: string, which: Sockets): number | null {
  const done = samplesOf(recording, "intervention").find((one) => one.name === intervention && one.done);
  if (done === undefined) return null;
  const gone = socketSeries(recording, which).points.find(
    ({ atUs, value }) => atUs >= done.atUs && value === 0,
  );
  return gone === undefined ? null : (gone.atUs - done.atUs) / 1e6;
}

/** The timer that a socket was seen with, and in how many seconds it was due at the most. */
export interface TimerSeen {
  timer: SeenTimer;
  dueS: number;
}

/**
 * The timer on such sockets; null when none was written down, or not all looks saw the same one. An acknowledgement put off
 * is no timer on the socket here: Linux before 7 does not tell of it.
 */
export function timerOn(recording: Recording, which: Sockets): TimerSeen | null {
  const rows = samplesOf(recording, "sockets", which.host).flatMap((look) =>
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

/** How many of a program's descriptors of sockets were given back before the drain was over; null without a look. */
export function descriptorsBack(recording: Recording, program: string): number | null {
  const series = processSeries(recording, { host: "server", program }, "sockets");
  const { last } = series.during("drain");
  const highest = last === null ? null : series.window(0, last.atUs).peak;
  return last === null || highest === null ? null : highest.value - last.value;
}

/** What the n-th such call of the server came to, as strace shows it; null when it was not made. */
export function returned(recording: Recording, call: string, nth: number): string | null {
  const result = calls(recording, { program: "server", call })[nth - 1]?.result ?? null;
  return result === null ? null : String(result);
}

/** How many segments with a flag the server's kernel sent before the programs were ended; null where no wire was. */
export function sent(recording: Recording, flag: TcpFlag): number | null {
  if (samplesOf(recording, "wire").length === 0) return null;
  return segments(recording, { from: "server", flags: [flag] }).filter(({ phase }) => phase !== "end").length;
}

/** The same, of those that came to the wire up to the last look that saw such sockets. */
export function sentWhile(recording: Recording, flag: TcpFlag, which: Sockets): number | null {
  const seen = socketSeries(recording, which).longest((count) => count > 0);
  if (seen === null || samplesOf(recording, "wire").length === 0) return null;
  return segments(recording, { from: "server", flags: [flag] }).filter(({ atUs }) => atUs < seen.toUs).length;
}

/** Bytes that the server's kernel sent up to the last look that saw such sockets, after the client's FIN. */
export function bytesWhile(recording: Recording, which: Sockets): number | null {
  const seen = socketSeries(recording, which).longest((count) => count > 0);
  const [fin] = segments(recording, { from: "client", flags: ["FIN"] });
  if (seen === null || fin === undefined) return null;
  return segments(recording, { from: "server", payload: "some" })
    .filter(({ atUs }) => atUs > fin.atUs && atUs <= seen.toUs)
    .reduce((sum, { payloadBytes }) => sum + payloadBytes, 0);
}
