import { calls, type Calls } from "../../../measure/calls.ts";
import { counterDelta } from "../../../measure/counters.ts";
import { samplesOf, sysctl } from "../../../measure/evidence.ts";
import { queueSeries } from "../../../measure/listeners.ts";
import { segments, type Segments } from "../../../measure/segments.ts";
import { socketSeries } from "../../../measure/sockets.ts";
import type { Recording } from "../../../model/recording.ts";
import type { Bound } from "../../../verdict/bound.ts";
import { figureOf, question, wordsOf } from "../../former.ts";
import type { Question, Text } from "../../former.ts";

/** A sysctl as the kernel had it in a namespace of the trial. */
export function sysctlIs(host: string, name: string, value: string): Question {
  const short = name.replace(/^net\.(?:ipv4|core)\./, "");
  const words = { en: `${short} is {}`, zh: `${short} 为 {}` };
  return wordsOf(words, { needs: ["end"], of: (recording) => sysctl(recording, name, host) }, value);
}

/** How far a counter of the server has moved by the trial's end. */
export function counted(counter: string, bound: Bound): Question {
  const words = { en: `${counter} rose by {}`, zh: `${counter} 增加了 {}` };
  const of = (recording: Recording): number | null => counterDelta(recording, { host: "server", counter });
  return figureOf(words, { needs: ["counters"], of }, bound);
}

/** How many calls of the client returned so. */
export function callsReturned(call: string, result: number | string, bound: Bound): Question {
  const words = { en: `{} of its ${call}() returned ${result}`, zh: `{} 次 ${call}() 返回 ${result}` };
  return figureOf(
    words,
    { needs: ["report"], of: (recording) => returned(recording, { program: "client", call }, result) },
    bound,
  );
}

/** How many calls returned so; null when none of them returned at all. */
export function returned(recording: Recording, which: Calls, result: number | string): number | null {
  const made = calls(recording, which).filter((one) => one.result !== null);
  return made.length === 0 ? null : made.filter((one) => one.result === result).length;
}

/** The most connections of strangers that the server was seen to hold in SYN-RECEIVED at once, before the client came. */
export function mostHalfOpen(recording: Recording): number | null {
  const came = samplesOf(recording, "intervention").find(({ name }) => name === "the strangers have come");
  const seen = socketSeries(recording, { host: "server", state: "SYN-RECEIVED", side: "listener" });
  return seen.window(0, came?.atUs ?? Number.POSITIVE_INFINITY).peak?.value ?? null;
}

/** The most connections that were seen to wait for accept() at once. */
export function mostQueued(recording: Recording): number | null {
  return queueSeries(recording, { host: "server" }).peak?.value ?? null;
}

/** How many such segments came to the wires before the programs were ended. */
export function segmentCount(recording: Recording, which: Segments): number {
  return segments(recording, which).filter(({ phase }) => phase !== "end").length;
}

/** When each of those segments with a SYN came to its wire, in seconds from the first. */
function synTimes(recording: Recording, from: "client" | "server", port: number): number[] {
  const times = segments(recording, { from, flags: ["SYN"] })
    .filter(({ fromPort, toPort }) => (from === "client" ? toPort : fromPort) === port)
    .map(({ atUs }) => atUs / 1e6);
  return times.map((at) => at - (times[0] ?? at));
}

/** The kernel's timers of seconds are late by some percent, and a busy machine adds to that. */
const LATE = 0.08;
const LATE_SECONDS = 0.6;

/** Whether something happened when it was due, in seconds, or a little later. */
function isDue(seconds: number, dueSeconds: number): boolean {
  return seconds >= dueSeconds - 0.05 && seconds <= dueSeconds * (1 + LATE) + LATE_SECONDS;
}

/** `0, 1.02, 3.04`. */
function secondsInWords(times: number[]): string {
  return times.map((seconds) => Number(seconds.toFixed(1))).join(", ");
}

/** That segments left at these seconds, and none besides. */
export function leftAt(
  what: Text,
  where: { from: "client" | "server"; port: number },
  wanted: number[],
): Question {
  return question(["packet"], (...recordings) => {
    const times = recordings.flatMap((recording) => synTimes(recording, where.from, where.port));
    const onTime = times.every((seconds, nth) => isDue(seconds, wanted[nth] ?? Number.NaN));
    return {
      holds: times.length === 0 ? null : times.length === wanted.length && onTime,
      observed: {
        en: `${what.en} at ${secondsInWords(times)} s`,
        zh: `${what.zh}发出的时刻为 ${secondsInWords(times)} 秒`,
      },
    };
  });
}
