import { type Evidence, samplesOf } from "../../measure/evidence.ts";
import type { Wanted } from "../../measure/near.ts";
import { type Holder, holders, sharedSockets } from "../../measure/processes.ts";
import { lengthUs, type Series, type Stretch } from "../../measure/series.ts";
import { socketSeries, type Sockets, type Untold, untoldAmong } from "../../measure/sockets.ts";
import type { Answer, Expectation } from "../../model/expectation.ts";
import type { MeteredCondition, MeteredRange } from "../../model/metered.ts";
import type { HostName, PhaseName } from "../../model/names.ts";
import type { Text } from "../../model/text.ts";
import { BOUND, NUMBER, OBJECT, SELECTOR, TEXT, checkArguments } from "./arguments.ts";
import { type Bound, rangeOf } from "./bound.ts";
import { answer, type Claim, claim, everyLook } from "./claim.ts";
import { socketsHeldTogether } from "./figures/hosts.ts";
import { atEndOf, peakOf, timeOf } from "./figures/sockets.ts";
import { nearest } from "../nearest.ts";
import { countOf, holdersInWords, onHost, seconds, socketsInFull, socketsInShort } from "./wording.ts";
import { holdersInWordsZh, onHostZh, socketsInFullZh, socketsInShortZh } from "./wording-zh.ts";

/** How many of those sockets are in the last sample of a phase. */
export function socketsAtEndOf(phase: PhaseName, which: Sockets, bound: Bound): Claim<Evidence> {
  checkArguments("socketsAtEndOf", { phase: [phase, TEXT], which: [which, SELECTOR], bound: [bound, BOUND] });
  const { en, zh } = held(which, bound);
  const sentence = { en: `at the end of ${phase}, ${en}`, zh: `${phase} 阶段结束时，${zh}` };
  const test = (evidence: Evidence): Answer =>
    asked(evidence, which, (series) => {
      const { last } = series.during(phase);
      if (last === null) return unlooked(which, { en: ` during ${phase}`, zh: `${phase} 阶段` });
      const found = some(last.value, which);
      const more = series.peak?.value === last.value ? NOTHING : most(series);
      const by = heldBy(evidence, which);
      return answer(bound.holds(last.value), {
        en: `${found.en} at ${seconds(last.atUs)}, the last sample of ${phase}${more.en && `; ${more.en}`}${by.en}`,
        zh: `${phase} 阶段最后一次观测（${seconds(last.atUs)}）${found.zh}${more.zh && `，${more.zh}`}${by.zh}`,
      });
    });
  const count = (series: Series): number => series.during(phase).last?.value ?? 0;
  return claim(sentence, ["sockets"], test, {
    nearest: nearestFor(which, bound, { count, lacks: (series) => tooFew(bound, count(series)) }),
    about: atEndOf(phase, which),
    given: { phase, sockets: which, count: bound },
  });
}

/** The most of those sockets in any sample. Sockets that are gone before the next sample can be missed. */
export function socketsAtPeak(which: Sockets, bound: Bound): Claim<Evidence> {
  checkArguments("socketsAtPeak", { which: [which, SELECTOR], bound: [bound, BOUND] });
  const { en, zh } = held(which, bound);
  return claim(
    { en: `at the peak, ${en}`, zh: `最多时，${zh}` },
    ["sockets"],
    (evidence) =>
      asked(evidence, which, (series) => {
        const { peak } = series;
        if (peak === null) return unlooked(which);
        if (peak.value === 0) return answer(bound.holds(0), fewer(series, which));
        const [found, by] = [some(peak.value, which), heldBy(evidence, which)];
        return answer(bound.holds(peak.value), {
          en: `${found.en} at ${seconds(peak.atUs)}, the most of ${looks(series).en}${by.en}`,
          zh: `${looks(series).zh}中最多时（${seconds(peak.atUs)}）${found.zh}${by.zh}`,
        });
      }),
    {
      ofEveryLook: bound.isCapped ? everyLook("sockets", which) : null,
      nearest: nearestFor(which, bound, { count: atPeak, lacks: (series) => tooFew(bound, atPeak(series)) }),
      about: peakOf(which),
      given: { sockets: which, count: bound },
      metered: metered(which, rangeOf(bound), false),
    },
  );
}

/**
 * That for `forMs`, without a break, the number of those sockets in every sample is within the bound. In a healthy server
 * such sockets are gone sooner. A stretch that is too short is inconclusive when it touches the first or the last sample and
 * all samples together span less than `forMs`.
 */
export function socketsStay(which: Sockets, bound: Bound, how: { forMs: number }): Claim<Evidence> {
  checkArguments("socketsStay", {
    which: [which, SELECTOR],
    bound: [bound, BOUND],
    how: [how, OBJECT],
    "how.forMs": [how?.forMs, NUMBER],
  });
  const { forMs } = how;
  const { en, zh } = held(which, bound);
  const forS = forMs / 1000;
  const tooShort = (series: Series): Text | null => {
    const stretch = series.longest(bound.holds);
    if (stretch === null) return tooFew(bound, atPeak(series));
    if (lengthUs(stretch) >= forMs * 1000) return null;
    return { en: `they stay for less than ${forS} s`, zh: `停留不到 ${forS} 秒` };
  };
  return claim(
    {
      en: `for ${forS} s or longer without a break, ${en}`,
      zh: `连续 ${forS} 秒或更久，${zh}`,
    },
    ["sockets"],
    (evidence) =>
      asked(evidence, which, (series) => {
        const { first, last } = series;
        if (first === null || last === null) return unlooked(which);
        const stretch = series.longest(bound.holds);
        if (stretch === null) return answer(false, fewer(series, which));
        const [found, by] = [stretchWords(stretch, which), heldBy(evidence, which)];
        if (lengthUs(stretch) >= forMs * 1000) {
          return answer(true, { en: `${found.en}${by.en}`, zh: `${found.zh}${by.zh}` });
        }
        const isOpen = bound.holds(first.value) || bound.holds(last.value);
        const spanUs = last.atUs - first.atUs;
        return isOpen && spanUs < forMs * 1000
          ? answer(null, {
              en: `${found.en}, and all samples span only ${seconds(spanUs)}`,
              zh: `${found.zh}，而全部观测只跨 ${seconds(spanUs)}`,
            })
          : answer(false, { en: `${found.en}, and never for longer`, zh: `${found.zh}，此外没有更久` });
      }),
    {
      ofEveryLook: {
        ...everyLook("sockets", which),
        // Samples before and after the stretch decide nothing.
        within: (evidence) => socketSeries(evidence, which).longest(bound.holds),
      },
      nearest: nearestFor(which, bound, { count: atPeak, lacks: tooShort }),
      about: timeOf(which),
      given: { sockets: which, count: bound, forMs },
      metered: metered(which, rangeOf(bound), true),
    },
  );
}

/** That no sample contains any of those sockets. */
export function neverSeen(which: Sockets): Claim<Evidence> {
  checkArguments("neverSeen", { which: [which, SELECTOR] });
  const where = which.host === undefined ? "" : ` of ${which.host}`;
  return claim(
    {
      en: `no sample${where} contains ${socketsInFull(which, 2)}`,
      zh: `${onHostZh(which.host)}从未观测到${socketsInFullZh(which)}`,
    },
    ["sockets"],
    (evidence) =>
      asked(evidence, which, (series) => {
        if (series.isEmpty) return unlooked(which);
        const found = series.points.filter((point) => point.value > 0);
        const [first] = found;
        if (first === undefined) return answer(true, fewer(series, which));
        const [all, peak, by] = [looks(series), most(series), heldBy(evidence, which)];
        const when = seconds(first.atUs);
        return answer(false, {
          en: `${found.length} of ${all.en} contained some, the first at ${when}; ${peak.en}${by.en}`,
          zh: `${all.zh}中有 ${found.length} 次看到，首次在 ${when}；${peak.zh}${by.zh}`,
        });
      }),
    {
      ofEveryLook: everyLook("sockets", which),
      about: peakOf(which),
      given: { sockets: which },
      metered: metered(which, { atMost: 0 }, false),
    },
  );
}

/** How many sockets the same two or more processes hold in more than one sample, by their inodes. */
export function socketsShared(which: { host?: HostName }, bound: Bound): Claim<Evidence> {
  checkArguments("socketsShared", { which: [which, SELECTOR], bound: [bound, BOUND] });
  const { host } = which;
  const things = bound.ofThings("socket", "sockets");
  const test = (evidence: Evidence): Answer => {
    const looked = samplesOf(evidence, "processes", host).length;
    if (looked === 0) {
      return answer(null, {
        en: `no processes were sampled${onHost(host)}`,
        zh: `没有观测${onHostZh(host)}进程`,
      });
    }
    const shared = sharedSockets(evidence, host);
    const [one] = shared;
    if (one === undefined) {
      return answer(bound.holds(0), {
        en: `no socket was held by several processes in more than one of ${countOf(looked, "sample")}`,
        zh: `${looked} 次观测中没有套接字两次以上被多个进程持有`,
      });
    }
    return answer(bound.holds(shared.length), {
      en: `${countOf(shared.length, "socket")} held by the same processes in two or more samples; inode ${one.inode} by ${holdersInWords(one.holders)}`,
      zh: `${shared.length} 个套接字两次以上被同一组进程持有，其中 inode ${one.inode} 由 ${holdersInWordsZh(one.holders)} 持有`,
    });
  };
  const sentence = {
    en: `several processes hold ${things} together${onHost(host)}`,
    zh: `${onHostZh(host)}被多个进程同时持有的套接字：${bound.zh} 个`,
  };
  return claim(sentence, ["processes"], test, {
    ofEveryLook: bound.isCapped ? everyLook("processes", { host }) : null,
    about: socketsHeldTogether({ ...(host !== undefined && { host }) }),
    given: { host: which, count: bound },
  });
}

/**
 * The answer of a test. There is none when the answer depends on sockets that the claim may mean or not: their state or timer has no
 * name here, or nobody read what they exchanged. The test runs without them and with them, and the two answers are compared.
 */
function asked(evidence: Evidence, which: Sockets, test: (series: Series) => Answer): Answer {
  const first = test(socketSeries(evidence, which, "out"));
  const untold = untoldAmong(evidence, which);
  if (untold === null) return first;
  const other = test(socketSeries(evidence, which, "in"));
  if (other.holds === first.holds) return first;
  const { en, zh } = untoldInWords(untold);
  const open = answer(null, {
    en: `${first.observed}; if those ${en} are counted: ${other.observed}`,
    zh: `${first.zh}；若计入${zh}：${other.zh}`,
  });
  return untold.unread.length === 0 ? open : { ...open, lacks: untold.unread };
}

function untoldInWords({ unnamed, uncounted, unread }: Untold): Text {
  const numbers = unnamed.join(", ");
  const parts = [
    ...(numbers === ""
      ? []
      : [{ en: `with ${numbers}, which has no name here,`, zh: `这里没有名字的 ${numbers}` }]),
    ...(uncounted
      ? [{ en: "whose bytes were not counted (tcpInfo)", zh: "没有读取字节数（tcpInfo）的套接字" }]
      : []),
    ...unread.map((column) => ({ en: `whose ${column} was not read`, zh: `没有读取 ${column} 的套接字` })),
  ];
  return { en: parts.map(({ en }) => en).join(" and those "), zh: parts.map(({ zh }) => zh).join("与") };
}

/** Which sockets come nearest when these are missing. A claim that holds without any sockets is never refuted by missing ones. */
function nearestFor(
  which: Sockets,
  bound: Bound,
  how: Omit<Wanted, "which">,
): Expectation<Evidence>["nearest"] | null {
  return bound.holds(0) ? null : (evidence) => nearest(evidence, { which, ...how });
}

/** Sockets are counted for each service's port: a program has more than one, and a namespace more than one program. */
function metered({ host: _, ...which }: Sockets, is: MeteredRange, stays: boolean): MeteredCondition {
  return { of: "sockets", which, is, each: "port", stays };
}

function atPeak({ peak }: Series): number {
  return peak?.value ?? 0;
}

function tooFew(bound: Bound, count: number): Text | null {
  if (bound.holds(count)) return null;
  return { en: `the number is not ${bound.ofAmount("")}`, zh: `数目不是${bound.zh}` };
}

function held(which: Sockets, bound: Bound): Text {
  const { host, ...rest } = which;
  const things = bound.ofThings(socketsInFull(rest, 1), socketsInFull(rest, 2));
  return {
    en: host === undefined ? `there ${bound.isOne ? "is" : "are"} ${things}` : `${host} holds ${things}`,
    zh: `${onHostZh(host)}有${bound.zh} 个${socketsInFullZh(rest)}`,
  };
}

function fewer(series: Series, which: Sockets): Text {
  const { en, zh } = inFull(which);
  const [all, peak] = [looks(series), most(series)];
  return (series.peak?.value ?? 0) > 0
    ? { en: `no sample contained so many ${en}: ${peak.en}`, zh: `没有一次观测到这么多${zh}：${peak.zh}` }
    : { en: `${all.en} contained no ${en}`, zh: `${all.zh}中没有${zh}` };
}

function stretchWords({ fromUs, toUs, min, max }: Stretch, which: Sockets): Text {
  const [en, zh] = [socketsInShort(which, max), socketsInShortZh(which)];
  if (fromUs === toUs) {
    return {
      en: `${max} ${en} in one sample, at ${seconds(fromUs)}`,
      zh: `只有一次观测（${seconds(fromUs)}）有 ${max} 个${zh}`,
    };
  }
  const range = min === max ? String(min) : `${min} to ${max}`;
  return {
    en: `${range} ${en} in every sample from ${seconds(fromUs)} to ${seconds(toUs)}`,
    zh: `从 ${seconds(fromUs)} 到 ${seconds(toUs)} 每次观测都有 ${range.replace("to", "到")} 个${zh}`,
  };
}

/** Sockets that were found are named by their state alone. "None" needs the whole selector, or it would claim too much. */
function some(count: number, which: Sockets): Text {
  if (count > 0) {
    return { en: `${count} ${socketsInShort(which, count)}`, zh: `有 ${count} 个${socketsInShortZh(which)}` };
  }
  const { en, zh } = inFull(which);
  return { en: `no ${en}`, zh: `没有${zh}` };
}

function inFull({ host: _, ...which }: Sockets): Text {
  return { en: socketsInFull(which, 2), zh: socketsInFullZh(which) };
}

function most(series: Series): Text {
  const { peak } = series;
  if (peak === null) return { en: "nothing was sampled", zh: "没有观测" };
  return {
    en: `the most was ${peak.value}, at ${seconds(peak.atUs)}`,
    zh: `最多 ${peak.value} 个（${seconds(peak.atUs)}）`,
  };
}

function looks(series: Series): Text {
  const { length } = series.points;
  return { en: countOf(length, "sample"), zh: `${length} 次观测` };
}

const NOTHING: Text = { en: "", zh: "" };

/** The holders, named only when the claim is about them. */
function heldBy(evidence: Evidence, which: Sockets): Text {
  const isTold = which.owner !== undefined && untoldAmong(evidence, which) === null;
  const named: Holder[] = isTold ? holders(evidence, which) : [];
  if (named.length === 0) return NOTHING;
  return { en: `, held by ${holdersInWords(named)}`, zh: `，由 ${holdersInWordsZh(named)} 持有` };
}

function unlooked(which: Sockets, when = NOTHING): Answer {
  return answer(null, {
    en: `no sockets were sampled${onHost(which.host)}${when.en}`,
    zh: `${when.zh}没有观测${onHostZh(which.host)}套接字`,
  });
}
