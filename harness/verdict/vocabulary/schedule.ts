import { synSeconds } from "../../measure/syns.ts";
import type { HostName } from "../../model/names.ts";
import type { Recording } from "../../model/recording.ts";
import { LIST, NUMBER, oneOf, checkArguments } from "./arguments.ts";
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
    const words = times.map((seconds) => Number(seconds.toFixed(1))).join(", ");
    return answer(times.length === 0 ? null : areDue(times, wanted), {
      en: `${what.en}: at ${words} s`,
      zh: `${what.zh}：在 ${words} 秒`,
    });
  });
}

/** The same for the SYNs or SYN-ACKs of a service's port, in one sentence. */
export function leavesAt(what: "SYN" | "SYN-ACK", port: number, wanted: readonly number[]): Claim<Recording> {
  checkArguments("leavesAt", {
    what: [what, oneOf(["SYN", "SYN-ACK"])],
    port: [port, NUMBER],
    wanted: [wanted, LIST],
  });
  const from = what === "SYN" ? "client" : "server";
  return claim(`a ${what} leaves at ${wanted.join(", ")} s, and none besides`, ["packet"], (recording) => {
    const times = synSeconds(recording, from, port);
    const words = times.map((seconds) => seconds.toFixed(2)).join(", ");
    return { holds: areDue(times, wanted), observed: `${what}s at ${words} s` };
  });
}

function areDue(times: readonly number[], wanted: readonly number[]): boolean {
  return (
    times.length === wanted.length && times.every((seconds, nth) => isDue(seconds, wanted[nth] ?? Number.NaN))
  );
}

function isDue(seconds: number, dueSeconds: number): boolean {
  return seconds >= dueSeconds - 0.05 && seconds <= dueSeconds * (1 + LATE) + LATE_SECONDS;
}
