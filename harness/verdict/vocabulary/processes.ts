import type { Evidence } from "../../measure/evidence.ts";
import { nearestToLimit, type Processes } from "../../measure/processes.ts";
import type { Answer } from "../../model/expectation.ts";
import { BOUND, SELECTOR, checkArguments } from "./arguments.ts";
import type { Bound } from "./bound.ts";
import { answer, type Claim, claim, everyLook } from "./claim.ts";
import { descriptorsFree } from "./figures/hosts.ts";
import { countOf, onHost } from "./wording.ts";
import { onHostZh } from "./wording-zh.ts";

/** How many more descriptors the process can have that comes nearest to its limit (`ulimit -n`), in the sample where it is nearest. */
export function descriptorsLeft(which: Processes, bound: Bound): Claim<Evidence> {
  checkArguments("descriptorsLeft", { which: [which, SELECTOR], bound: [bound, BOUND] });
  const things = bound.ofThings("descriptor", "descriptors");
  const sentence = {
    en: `the process nearest to its limit${onHost(which.host)} has ${things} left`,
    zh: `${onHostZh(which.host)}最接近上限的进程还剩${bound.zh} 个描述符`,
  };
  const test = (evidence: Evidence): Answer => {
    const use = nearestToLimit(evidence, which);
    if (use === null) {
      return answer(null, {
        en: `no descriptor limit was read${onHost(which.host)}`,
        zh: `没有读到${onHostZh(which.host)}描述符上限`,
      });
    }
    const { descriptors, limit, name, pid } = use;
    // An inherited descriptor can have a number above the limit, and is counted too.
    const left = Math.max(0, limit - descriptors);
    return answer(bound.holds(left), {
      en: `${name} (pid ${pid}) had ${countOf(descriptors, "descriptor")}; its limit is ${limit}`,
      zh: `${name}（pid ${pid}）有 ${descriptors} 个，上限 ${limit} 个`,
    });
  };
  // "At least so many left" means "at most so many used": a claim about every sample.
  return claim(sentence, ["processes"], test, {
    ofEveryLook: bound.isCapped ? null : everyLook("processes", which),
    about: descriptorsFree(which),
    given: { processes: which, count: bound },
  });
}
