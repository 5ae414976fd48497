import { calls, type Calls } from "../measure/calls.ts";
import type { Recording } from "../model/recording.ts";
import type { Bound } from "./bound.ts";
import { type Claim, claim } from "./claim.ts";
import { countOf, quoted } from "./wording.ts";

/** How many of those calls return so: a number, or an errno's name. A call that has not returned is not counted. */
export function callsEnded(which: Calls, result: number | string, bound: Bound): Claim<Recording> {
  const called = `${which.call ?? "any"}()`.replace(/\)\(\)$/, ")");
  const of = which.program === undefined ? "" : ` of ${which.program}`;
  const during = which.phase === undefined ? "" : ` during ${which.phase}`;
  return claim(
    `${bound.ofThings("call", "calls")}${of}${during} ${bound.isOne ? "is" : "are"} ${called} = ${result}`,
    ["report"],
    (recording) => {
      const made = calls(recording, which).filter((call) => call.result !== null);
      if (made.length === 0) return { holds: null, observed: `no ${called}${of} that returned was reported` };
      const found = made.filter((call) => call.result === result);
      const returned = quoted(made, (call) => String(call.result));
      const what = `, of ${countOf(made.length, "call")} that returned: ${returned}`;
      return { holds: bound.holds(found.length), observed: `${countOf(found.length, "call")}${what}` };
    },
  );
}
