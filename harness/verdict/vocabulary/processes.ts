import type { Evidence } from "../../measure/evidence.ts";
import { nearestToLimit, type Processes } from "../../measure/processes.ts";
import type { Answer } from "../../model/expectation.ts";
import type { Bound } from "./bound.ts";
import { answer, type Claim, claim, everyLook } from "./claim.ts";
import { descriptorsFree } from "./figures/hosts.ts";
import { onHost } from "./wording.ts";
import { onHostZh } from "./wording-zh.ts";

/** How many more descriptors the process may have that comes nearest to its limit (`ulimit -n`), in the look that sees it so. */
export function descriptorsLeft(which: Processes, bound: Bound): Claim<Evidence> {
  const things = bound.ofThings("descriptor", "descriptors");
  const sentence = {
    en: `the process nearest to its limit${onHost(which.host)} has ${things} left`,
    zh: `${onHostZh(which.host)}最接近上限的进程还剩${bound.zh} 个描述符`,
  };
  const test = (evidence: Evidence): Answer => {
    const use = nearestToLimit(evidence, which);
    if (use === null) {
      return answer(null, {
        en: `no limit of descriptors was read${onHost(which.host)}`,
        zh: `没有读到${onHostZh(which.host)}描述符上限`,
      });
    }
    const { descriptors, limit, name, pid } = use;
    // One that was inherited may have a number above the limit, and is counted all the same.
    const left = Math.max(0, limit - descriptors);
    return answer(bound.holds(left), {
      en: `${name} (pid ${pid}) had ${descriptors}, and may have ${limit}`,
      zh: `${name}（pid ${pid}）有 ${descriptors} 个，上限 ${limit} 个`,
    });
  };
  // So many left at least is so many used at most: of every look.
  return claim(sentence, ["processes"], test, {
    ofEveryLook: bound.isCapped ? null : everyLook("processes", which),
    about: descriptorsFree(which),
  });
}
