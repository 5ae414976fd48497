import {
  type Activity,
  longestActivity,
  longestFigure,
  type ProcessStretch,
} from "../../measure/activity.ts";
import { type Evidence, samplesOf } from "../../measure/evidence.ts";
import { nearestToLimit, type Processes } from "../../measure/processes.ts";
import { lengthUs } from "../../measure/series.ts";
import type { Answer } from "../../model/expectation.ts";
import type { ProcessRow } from "../../model/sample.ts";
import type { Text } from "../../model/text.ts";
import { BOUND, NUMBER, OBJECT, SELECTOR, checkArguments, oneOf } from "./arguments.ts";
import type { Bound } from "./bound.ts";
import { answer, type Claim, claim, everyLook } from "./claim.ts";
import { descriptorsFree } from "./figures/hosts.ts";
import { countOf, onHost, seconds, socketsInFull } from "./wording.ts";
import { onHostZh, socketsInFullZh } from "./wording-zh.ts";

/** How many more descriptors the process can have that comes nearest to its limit (`ulimit -n`), in the sample where it is nearest. */
export function descriptorsLeft(which: Processes, bound: Bound): Claim<Evidence> {
  checkArguments("descriptorsLeft", { which: [which, SELECTOR], bound: [bound, BOUND] });
  const things = bound.ofThings("descriptor", "descriptors");
  const held = heldInWords(which);
  const sentence = {
    en: `the process nearest to its limit${onHost(which.host)}${held.en} has ${things} left`,
    zh: `${onHostZh(which.host)}${held.zh}最接近上限的进程还剩${bound.zh} 个描述符`,
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

/** What a claim says of a process, and of one that was seen so. */
const ACTIVITIES: Record<Activity, { claimed: Text; seen: (share: string) => Text }> = {
  busy: {
    claimed: { en: "is busy", zh: "一直忙" },
    seen: (share) => ({ en: `used ${share} of a processor`, zh: `用了一个处理器的 ${share}` }),
  },
  sleeping: {
    claimed: { en: "sleeps", zh: "一直睡眠" },
    seen: (share) => ({
      en: `slept, and used ${share} of a processor`,
      zh: `睡眠，只用了一个处理器的 ${share}`,
    }),
  },
  stopped: {
    claimed: { en: "is stopped", zh: "一直被停住" },
    seen: () => ({ en: "was stopped", zh: "被停住" }),
  },
};

/**
 * That a process is busy, sleeps, or is stopped, for `forMs` without a break. Busy: it uses at least four fifths of a processor; or a tenth,
 * on a machine with other work, where its main thread runs or is ready to run at every look. Sleeping: it uses at most a twentieth.
 */
export function processStays(which: Processes, activity: Activity, how: { forMs: number }): Claim<Evidence> {
  checkArguments("processStays", {
    which: [which, SELECTOR],
    activity: [activity, oneOf(Object.keys(ACTIVITIES))],
    how: [how, OBJECT],
    "how.forMs": [how?.forMs, NUMBER],
  });
  const { forMs } = how;
  const { claimed, seen } = ACTIVITIES[activity];
  const forS = forMs / 1000;
  const { en, zh } = processInWords(which);
  const sentence = {
    en: `for ${forS} s or longer without a break, ${en} ${claimed.en}`,
    zh: `连续 ${forS} 秒或更久，${zh}${claimed.zh}`,
  };
  const words = (stretch: ProcessStretch): Text => {
    const { en: did, zh: didZh } = seen(`${Math.round(stretch.share * 100)} %`);
    const { name, pid } = stretch;
    const [from, to] = [seconds(stretch.fromUs), seconds(stretch.toUs)];
    return {
      en: `${name} (pid ${pid}) ${did} from ${from} to ${to}`,
      zh: `${name}（pid ${pid}）从 ${from} 到 ${to} ${didZh}`,
    };
  };
  const isLong = (stretch: ProcessStretch | null): stretch is ProcessStretch =>
    stretch !== null && lengthUs(stretch) >= forMs * 1000;
  const test = (evidence: Evidence): Answer => {
    const unseen = unsampled(evidence, which);
    if (unseen !== null) return unseen;
    const { stretch, unrecorded } = longestActivity(evidence, which, activity);
    if (isLong(stretch)) return answer(true, words(stretch));
    if (isLong(unrecorded)) {
      return answer(null, { en: "the states of processes were not recorded", zh: "没有记录进程的状态" });
    }
    if (stretch === null)
      return answer(false, { en: "not so in any two samples in a row", zh: "没有连续两次观测如此" });
    const { en: found, zh: foundZh } = words(stretch);
    return answer(false, { en: `${found}, and never for longer`, zh: `${foundZh}，此外没有更久` });
  };
  return claim(sentence, ["processes"], test, { given: { processes: which, activity, forMs } });
}

/**
 * That a process holds so many TCP sockets without a row, for `forMs` without a break. Such a socket is not connected yet, or is closed, and
 * ss does not show it. A program closes it at once; only a leak keeps it.
 */
export function socketsWithoutRow(which: Processes, bound: Bound, how: { forMs: number }): Claim<Evidence> {
  checkArguments("socketsWithoutRow", {
    which: [which, SELECTOR],
    bound: [bound, BOUND],
    how: [how, OBJECT],
    "how.forMs": [how?.forMs, NUMBER],
  });
  const { forMs } = how;
  const forS = forMs / 1000;
  const { en, zh } = processInWords(which);
  const things = bound.ofThings("TCP socket", "TCP sockets");
  const sentence = {
    en: `for ${forS} s or longer without a break, ${en} holds ${things} that ss does not show`,
    zh: `连续 ${forS} 秒或更久，${zh}持有的 ss 看不到的 TCP 套接字：${bound.zh} 个`,
  };
  const test = (evidence: Evidence): Answer => {
    const unseen = unsampled(evidence, which);
    if (unseen !== null) return unseen;
    const figure = (row: ProcessRow): number | undefined => row.socketsWithoutRow;
    const any = longestFigure(evidence, which, figure, () => true);
    const couldHold = longestFigure(evidence, which, ({ sockets }) => sockets, bound.holds) !== null;
    if (any === null && !couldHold && !bound.isCapped) {
      return answer(false, {
        en: "no process held so many sockets of any kind",
        zh: "没有进程持有这么多套接字（不论种类）",
      });
    }
    if (any === null) {
      return answer(null, {
        en: "sockets without a row were not counted",
        zh: "没有统计看不到的套接字",
      });
    }
    const stretch = longestFigure(evidence, which, figure, bound.holds);
    if (stretch === null) {
      return answer(false, {
        en: `at most ${any.max} in ${any.name} (pid ${any.pid})`,
        zh: `${any.name}（pid ${any.pid}）最多 ${any.max} 个`,
      });
    }
    const { min, max, name, pid } = stretch;
    const [from, to] = [seconds(stretch.fromUs), seconds(stretch.toUs)];
    const isLong = lengthUs(stretch) >= forMs * 1000;
    return answer(isLong, {
      en: `${name} (pid ${pid}) held ${min === max ? max : `${min} to ${max}`} from ${from} to ${to}${isLong ? "" : ", and never for longer"}`,
      zh: `${name}（pid ${pid}）从 ${from} 到 ${to} 持有 ${min === max ? max : `${min} 到 ${max}`} 个${isLong ? "" : "，此外没有更久"}`,
    });
  };
  return claim(sentence, ["processes"], test, { given: { processes: which, count: bound, forMs } });
}

/** `a process on server that holds CLOSE-WAIT sockets`. */
function processInWords({ host, program, holds }: Processes): Text {
  const of = program === undefined ? { en: "", zh: "" } : { en: ` of ${program}`, zh: `${program} 的` };
  const held = heldInWords({ ...(holds !== undefined && { holds }) });
  return {
    en: `a process${of.en}${onHost(host)}${held.en}`,
    zh: `${onHostZh(host)}${of.zh}${held.zh}某个进程`,
  };
}

/** ` that holds CLOSE-WAIT sockets`, or nothing. */
function heldInWords({ holds }: Processes): Text {
  if (holds === undefined) return { en: "", zh: "" };
  return { en: ` that holds ${socketsInFull(holds, 2)}`, zh: `持有${socketsInFullZh(holds)}的` };
}

function unsampled(evidence: Evidence, { host }: Processes): Answer | null {
  if (samplesOf(evidence, "processes", host).length > 0) return null;
  return answer(null, {
    en: `no processes were sampled${onHost(host)}`,
    zh: `没有观测${onHostZh(host)}进程`,
  });
}
