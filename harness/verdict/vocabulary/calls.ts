import { type Calls, returnedCalls } from "../../measure/calls.ts";
import type { Answer } from "../../model/expectation.ts";
import type { Recording } from "../../model/recording.ts";
import { BOUND, SELECTOR, checkArguments } from "./arguments.ts";
import type { Bound } from "./bound.ts";
import { answer, type Claim, claim } from "./claim.ts";
import { callsReturning } from "./figures/calls.ts";
import { whyRefused } from "./refused.ts";
import { countOf, quoted } from "./wording.ts";
import { duringZh, quotedZh } from "./wording-zh.ts";

/** How many of those calls return this: a number, or an errno's name. A call that has not returned is not counted. */
export function callsEnded(which: Calls, result: number | string, bound: Bound): Claim<Recording> {
  checkArguments("callsEnded", { which: [which, SELECTOR], bound: [bound, BOUND] });
  const called = `${which.call ?? "any"}()`.replace(/\)\(\)$/, ")");
  const to = which.remotePort === undefined ? "" : ` to port ${which.remotePort}`;
  const of = which.program === undefined ? "" : ` of ${which.program}`;
  const during = which.phase === undefined ? "" : ` during ${which.phase}`;
  const who = which.program === undefined ? "" : `${which.program} 的 `;
  const toZh = which.remotePort === undefined ? "" : `到 ${which.remotePort} 端口的 `;
  const sentence = {
    en: `${bound.ofThings("call", "calls")}${of}${during} ${bound.isOne ? "is" : "are"} ${called}${to} = ${result}`,
    zh: `${duringZh(which.phase)}${who}${toZh}${called} = ${result}：${bound.zh} 次`,
  };
  const test = (recording: Recording): Answer => {
    const made = returnedCalls(recording, which);
    if (made.length === 0) {
      return answer(null, {
        en: `no returned ${called}${to}${of} was reported`,
        zh: `没有${who}${toZh}${called} 返回的记录`,
      });
    }
    const found = made.filter((call) => call.result === result);
    const en = quoted(made, (call) => String(call.result));
    const zh = quotedZh(made, (call) => String(call.result));
    return answer(bound.holds(found.length), {
      en: `${countOf(found.length, "call")}, of ${countOf(made.length, "call")} that returned: ${en}`,
      zh: `返回的 ${made.length} 次调用中有 ${found.length} 次：${zh}`,
    });
  };
  return claim(sentence, ["report"], test, {
    about: callsReturning(which, result),
    given: { calls: which, result, count: bound },
    nearest: (recording) => {
      const made = returnedCalls(recording, { ...which, call: "connect" });
      const refused = made.filter((call) => call.result === "ECONNREFUSED");
      return whyRefused(
        recording,
        refused.map(({ program }) => program),
      );
    },
  });
}
