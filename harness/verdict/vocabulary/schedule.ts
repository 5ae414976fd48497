import { synSeconds } from "../../measure/syns.ts";
import type { HostName } from "../../model/names.ts";
import type { Recording } from "../../model/recording.ts";
import { answer, type Claim, claim } from "./claim.ts";

/** The kernel's timers of seconds are late by some percent, and a busy machine delays them further. */
const LATE = 0.08;
const LATE_SECONDS = 0.6;

/** That a host sends its SYN segments of one port at these seconds after the first, and no others. */
export function synsSentAt(from: HostName, port: number, wanted: readonly number[]): Claim<Recording> {
  const what = {
    en: `segments with SYN from ${from}, port ${port}`,
    zh: `${from} 发出的 ${port} 端口的 SYN`,
  };
  const sentence = {
    en: `${what.en}: at ${wanted.join(", ")} s`,
    zh: `${what.zh}：在 ${wanted.join("、")} 秒`,
  };
  return claim(sentence, ["packet"], (recording) => {
    const times = synSeconds(recording, from, port);
    const isOnTime = times.every((seconds, nth) => isDue(seconds, wanted[nth] ?? Number.NaN));
    const words = times.map((seconds) => Number(seconds.toFixed(1))).join(", ");
    return answer(times.length === 0 ? null : times.length === wanted.length && isOnTime, {
      en: `${what.en}: at ${words} s`,
      zh: `${what.zh}：在 ${words} 秒`,
    });
  });
}

function isDue(seconds: number, dueSeconds: number): boolean {
  return seconds >= dueSeconds - 0.05 && seconds <= dueSeconds * (1 + LATE) + LATE_SECONDS;
}
