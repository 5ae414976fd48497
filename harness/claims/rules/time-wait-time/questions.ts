import { lasted } from "../../../measure/lasting.ts";
import type { Sockets } from "../../../measure/sockets.ts";
import { figure } from "../../../verdict/wording.ts";
import type { Question, Text } from "../../former.ts";
import { fill, question } from "../../former.ts";

/** TIME-WAIT on the client, in the trials of `time-wait-length` and `time-wait-answers`. */
export const TIME_WAIT: Sockets = { host: "client", state: "TIME-WAIT" };

export const BY_DEFAULT: Text = { en: "with the kernel's defaults", zh: "内核默认设置下" };

/** Seconds that a state may last; the looks are fractions of a second apart, and the timer wheel is up to 4 s late. */
export type Span = [least: number, most: number];

/** About a minute: the kernel's timers are late by up to an eighth of a minute's half. */
export const A_MINUTE: Span = [59, 66];

/** What the sentence says before the seconds: "TIME-WAIT lasted {} s". */
export const TIME_WAIT_LASTED: Text = { en: "TIME-WAIT lasted {} s", zh: "TIME-WAIT 持续 {} 秒" };
export const ORPHAN_LASTED: Text = {
  en: "FIN-WAIT-2 without a process lasted {} s",
  zh: "无进程的（孤儿）FIN-WAIT-2 持续 {} 秒",
};

/** That sockets lasted so long. Of those that outlasted the trial, only that they lasted longer than the span can be told. */
export function lasts(words: Text, which: Sockets, [least, most]: Span): Question {
  return question(["sockets"], (recording) => {
    const seen = lasted(recording, which);
    if (seen === null) return { holds: null, observed: fill(words, "?") };
    const { seconds, isOver } = seen;
    const value = `${isOver ? "" : ">= "}${figure(seconds)}`;
    if (seconds > most) return { holds: false, observed: fill(words, value) };
    return { holds: isOver ? seconds >= least : null, observed: fill(words, value) };
  });
}

/** That sockets were still there at the last look, after so many seconds or more. */
export function staysFor(words: Text, which: Sockets, leastSeconds: number): Question {
  return question(["sockets"], (recording) => {
    const seen = lasted(recording, which);
    if (seen === null) return { holds: null, observed: fill(words, "?") };
    const more: Text = seen.isOver
      ? { en: "then it was over", zh: "之后消失" }
      : { en: "and was still there at the end", zh: "直到试验结束仍在" };
    const holds = seen.isOver ? false : seen.seconds >= leastSeconds ? true : null;
    return { holds, observed: fill(words, figure(seen.seconds), more) };
  });
}
