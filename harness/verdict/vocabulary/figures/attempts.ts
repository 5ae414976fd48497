import {
  attempts,
  type Attempts,
  type AttemptTime,
  attemptsFailed,
  connectionsMade,
  endedIn,
  latencies,
  sinceFirstFailure,
} from "../../../measure/attempts.ts";
import {
  mostAtOnce,
  medianOkMs,
  okPerSecond,
  openedPerSecond,
  timesAsLong,
  wholeMs,
} from "../../../measure/pace.ts";
import { percentile } from "../../../measure/percentile.ts";
import type { ProgramName } from "../../../model/names.ts";
import type { Text } from "../../../model/text.ts";
import { type Figure, measuredIn } from "../figure.ts";
import { duringZh } from "../wording-zh.ts";

const fromAttempts = measuredIn("attempt");

/** `attempts of load during drain`. */
function named({ program, phase }: Attempts): Text {
  const during = phase === undefined ? "" : ` during ${phase}`;
  return {
    en: `attempts${program === undefined ? "" : ` of ${program}`}${during}`,
    zh: `${duringZh(phase)}${program === undefined ? "" : `${program} 的`}尝试`,
  };
}

/** How many attempts had this outcome: `ok`, `connect EADDRNOTAVAIL`. */
export const attemptsThat = (outcome: string, which: Attempts = {}): Figure =>
  fromAttempts(
    outcome === "ok"
      ? { en: `${named(which).en} that succeeded`, zh: `成功的${named(which).zh}` }
      : { en: `${named(which).en} that ended in ${outcome}`, zh: `以 ${outcome} 结束的${named(which).zh}` },
    (recording) => {
      const all = attempts(recording, which).length;
      return all === 0 ? null : endedIn(recording, which, outcome);
    },
    { outOf: (recording) => attempts(recording, which).length },
  );

/** A percentile of a time that the attempts took. */
export const timeAt = (which: Attempts, time: AttemptTime, p: number): Figure => {
  const { en, zh } = TIMES[time];
  return {
    needs: ["attempt"],
    name: {
      en: `${en} of ${named(which).en} at ${p === 100 ? "its maximum" : `p${p}`}`,
      zh: `${named(which).zh}的${zh} ${p === 100 ? "最大值" : `p${p}`}`,
    },
    unit: "ms",
    of: (recording) => percentile(latencies(recording, which, time), p),
  };
};

/** The times that attempts take. */
export const TIMES: Record<AttemptTime, Text> = {
  connectMs: { en: "the time to connect", zh: "建连时间" },
  firstByteMs: { en: "the time to the first byte", zh: "首字节时间" },
  totalMs: { en: "the total time", zh: "总时间" },
};

/** How many of the attempts did not succeed. */
export const attemptsNotOk = (which: Attempts = {}): Figure =>
  fromAttempts(
    { en: "attempts that did not succeed", zh: "没有成功的尝试" },
    (recording) => attemptsFailed(recording, which),
    { outOf: (recording) => attempts(recording, which).length },
  );

/** How many attempts succeeded or failed after the first failure. The first failure counts as failed. */
export const sinceFailure = (what: "ok" | "failed"): Figure =>
  fromAttempts(
    what === "ok"
      ? { en: "attempts that succeeded after the first that did not", zh: "第一次失败之后成功的尝试" }
      : { en: "attempts that failed, the first failure included", zh: "从第一次失败起失败的尝试" },
    (recording) => sinceFirstFailure(recording)?.[what] ?? null,
  );

/** How many attempts took this long to connect, or longer. */
export const slowConnects = (leastMs: number): Figure =>
  fromAttempts(
    { en: `attempts that took ${leastMs} ms or longer to connect`, zh: `建连用了 ${leastMs} ms 以上的尝试` },
    (recording) =>
      attempts(recording).filter(({ connectMs }) => connectMs !== null && connectMs >= leastMs).length,
    { outOf: (recording) => attempts(recording).length },
  );

/** How many connections attempts made. */
export const connectionsOf = (which: Attempts = {}): Figure =>
  fromAttempts({ en: "connections that the attempts made", zh: "这些尝试所建的连接" }, (recording) =>
    connectionsMade(recording, which),
  );

/** How many attempts were in progress at once. */
export const atOnce = (): Figure =>
  fromAttempts({ en: "attempts in progress at once, at the peak", zh: "同时进行的尝试，最多时" }, mostAtOnce);

/** How many attempts succeeded per second. */
export const okEachSecond = (): Figure =>
  fromAttempts({ en: "attempts that succeeded per second", zh: "每秒成功的尝试" }, okPerSecond);

/** How many connections the client opened per second. */
export const openedEachSecond = (): Figure => ({
  name: { en: "connections per second in the load's last minute", zh: "负载最后一分钟每秒的连接" },
  needs: ["counters"],
  of: openedPerSecond,
});

/** The time from a program's first attempt to the end of its last. */
export const wholeTime = (program: ProgramName): Figure =>
  fromAttempts(
    { en: "from the first attempt to the end of the last", zh: "从第一次尝试到最后一次结束" },
    (recording) => wholeMs(recording, program),
    { unit: "ms" },
  );

/** The median time of a program's successful attempts. */
export const medianTime = (program: ProgramName): Figure =>
  fromAttempts(
    { en: `the median time of a successful attempt of ${program}`, zh: `${program} 的成功尝试用时的中位数` },
    (recording) => medianOkMs(recording, program),
    { unit: "ms" },
  );

/** How many times longer a connect() took to the server with many TIME-WAIT. */
export const slowdown = (): Figure => ({
  name: {
    en: "the time of a connect() to the server with TIME-WAIT, as a multiple of one to a server without",
    zh: "连接有 TIME-WAIT 的服务器的 connect() 用时，相当于没有时的倍数",
  },
  needs: ["report", "load-end"],
  of: timesAsLong,
});
