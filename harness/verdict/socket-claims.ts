import { type Evidence, samplesOf } from "../measure/evidence.ts";
import type { Wanted } from "../measure/near.ts";
import { holders, sharedSockets } from "../measure/processes.ts";
import { lengthUs, type Series, type Stretch } from "../measure/series.ts";
import { socketSeries, type Sockets, unnamedAmong } from "../measure/sockets.ts";
import type { Answer } from "../model/expectation.ts";
import type { HostName, PhaseName } from "../model/names.ts";
import type { Bound } from "./bound.ts";
import { type Claim, claim, everyLook } from "./claim.ts";
import { nearest } from "./nearest.ts";
import { countOf, holdersInWords, onHost, seconds, socketsInFull, socketsInShort } from "./wording.ts";

/** How many of those sockets the last look of a phase finds. */
export function socketsAtEndOf(phase: PhaseName, which: Sockets, bound: Bound): Claim<Evidence> {
  const atEnd = (series: Series): number => series.during(phase).last?.value ?? 0;
  return claim(
    `at the end of ${phase}, ${held(which, bound)}`,
    ["sockets"],
    (evidence) =>
      asked(evidence, which, (series) => {
        const { last } = series.during(phase);
        if (last === null) return unlooked(which, ` during ${phase}`);
        const end = `${some(last.value, which)} at ${seconds(last.atUs)}, the last look of ${phase}`;
        const more = series.peak?.value === last.value ? "" : `, and ${most(series)}`;
        return { holds: bound.holds(last.value), observed: `${end}${more}${heldBy(evidence, which)}` };
      }),
    null,
    nearestFor(which, bound, { count: atEnd, lacks: (series) => tooFew(bound, atEnd(series)) }),
  );
}

/** The most of those sockets that any look finds. A look can miss what is gone again before the next. */
export function socketsAtPeak(which: Sockets, bound: Bound): Claim<Evidence> {
  const sentence = `at the peak, ${held(which, bound)}`;
  return claim(
    sentence,
    ["sockets"],
    (evidence) =>
      asked(evidence, which, (series) => {
        const { peak } = series;
        if (peak === null) return unlooked(which);
        if (peak.value === 0) return { holds: bound.holds(0), observed: fewer(series, which) };
        const observed = `${some(peak.value, which)} at ${seconds(peak.atUs)}, the most of ${looks(series)}`;
        return { holds: bound.holds(peak.value), observed: `${observed}${heldBy(evidence, which)}` };
      }),
    bound.isCapped ? everyLook("sockets", which) : null,
    nearestFor(which, bound, { count: atPeak, lacks: (series) => tooFew(bound, atPeak(series)) }),
  );
}

/**
 * That for so long, without a break, every look finds a number of those sockets that is within the bound. What passes
 * by in a healthy server is gone sooner. A stretch that is too short, but that may have begun before the first look or
 * go on after the last, leaves it open when all looks together span less than `forMs`.
 */
export function socketsStay(which: Sockets, bound: Bound, { forMs }: { forMs: number }): Claim<Evidence> {
  const sentence = `for ${forMs / 1000} s or longer without a break, ${held(which, bound)}`;
  const tooShort = (series: Series): string | null => {
    const stretch = series.longest(bound.holds);
    if (stretch === null) return tooFew(bound, atPeak(series));
    return lengthUs(stretch) < forMs * 1000 ? `the stay is shorter than ${forMs / 1000} s` : null;
  };
  return claim(
    sentence,
    ["sockets"],
    (evidence) =>
      asked(evidence, which, (series) => {
        const { first, last } = series;
        if (first === null || last === null) return unlooked(which);
        const stretch = series.longest(bound.holds);
        if (stretch === null) return { holds: false, observed: fewer(series, which) };
        const found = stretchWords(stretch, which);
        if (lengthUs(stretch) >= forMs * 1000) {
          return { holds: true, observed: `${found}${heldBy(evidence, which)}` };
        }
        const isOpen = bound.holds(first.value) || bound.holds(last.value);
        const spanUs = last.atUs - first.atUs;
        return isOpen && spanUs < forMs * 1000
          ? { holds: null, observed: `${found}, and all looks span no more than ${seconds(spanUs)}` }
          : { holds: false, observed: `${found}, and never for longer` };
      }),
    everyLook("sockets", which),
    nearestFor(which, bound, { count: atPeak, lacks: tooShort }),
  );
}

/** That no look finds even one of those sockets. */
export function neverSeen(which: Sockets): Claim<Evidence> {
  const where = which.host === undefined ? "" : ` at ${which.host}`;
  return claim(
    `no look${where} finds ${socketsInFull(which, 2)}`,
    ["sockets"],
    (evidence) =>
      asked(evidence, which, (series) => {
        if (series.isEmpty) return unlooked(which);
        const found = series.points.filter((point) => point.value > 0);
        const [first] = found;
        if (first === undefined) {
          return { holds: true, observed: fewer(series, which) };
        }
        const often = `${found.length} of ${looks(series)} found some, the first at ${seconds(first.atUs)}`;
        return { holds: false, observed: `${often}; ${most(series)}${heldBy(evidence, which)}` };
      }),
    everyLook("sockets", which),
  );
}

/** How many sockets are held by the same two or more processes for longer than one look, by their inodes. */
export function socketsShared({ host }: { host?: HostName }, bound: Bound): Claim<Evidence> {
  const things = bound.ofThings("socket", "sockets");
  const test = (evidence: Evidence): Answer => {
    const looks = samplesOf(evidence, "processes", host).length;
    if (looks === 0) return { holds: null, observed: `there was no look at the processes${onHost(host)}` };
    const shared = sharedSockets(evidence, host);
    const [one] = shared;
    if (one === undefined) {
      return {
        holds: bound.holds(0),
        observed: `no socket held by several processes in more than one of ${countOf(looks, "look")}`,
      };
    }
    const found = `${countOf(shared.length, "socket")} held by the same processes in two looks or more`;
    const example = `that of inode ${one.inode} by ${holdersInWords(one.holders)}`;
    return { holds: bound.holds(shared.length), observed: `${found}, ${example}` };
  };
  const sentence = `several processes hold ${things} together${onHost(host)}`;
  return claim(sentence, ["processes"], test, bound.isCapped ? everyLook("processes", { host }) : null);
}

/**
 * The answer of a test, unless it hangs on sockets in a state or with a timer that has no name here, which may be meant or
 * not: then there is none. They are left out first, then counted in, and the two answers compared.
 */
function asked(evidence: Evidence, which: Sockets, test: (series: Series) => Answer): Answer {
  const answer = test(socketSeries(evidence, which));
  const unnamed = unnamedAmong(evidence, which);
  if (unnamed.length === 0) return answer;
  const other = test(socketSeries(evidence, which, "in"));
  if (other.holds === answer.holds) return answer;
  const numbers = unnamed.join(", ");
  const observed = `${answer.observed}; with those that show ${numbers}, which has no name here: ${other.observed}`;
  return { holds: null, observed };
}

/** Which sockets come nearest where these are missing. A claim that holds of none is never refuted for want of them. */
function nearestFor(
  which: Sockets,
  bound: Bound,
  how: Omit<Wanted, "which">,
): ((evidence: Evidence) => string | null) | null {
  return bound.holds(0) ? null : (evidence) => nearest(evidence, { which, ...how });
}

function atPeak({ peak }: Series): number {
  return peak?.value ?? 0;
}

function tooFew(bound: Bound, count: number): string | null {
  return bound.holds(count) ? null : `the number is not ${bound.ofAmount("")}`;
}

function held(which: Sockets, bound: Bound): string {
  const { host, ...rest } = which;
  const things = bound.ofThings(socketsInFull(rest, 1), socketsInFull(rest, 2));
  if (host !== undefined) return `${host} holds ${things}`;
  return `there ${bound.isOne ? "is" : "are"} ${things}`;
}

function fewer(series: Series, which: Sockets): string {
  if ((series.peak?.value ?? 0) > 0) return `no look found so many ${inFull(which)}: ${most(series)}`;
  return `in ${looks(series)} no ${inFull(which)}`;
}

function stretchWords({ fromUs, toUs, min, max }: Stretch, which: Sockets): string {
  if (fromUs === toUs) return `${max} ${socketsInShort(which, max)} in one look, at ${seconds(fromUs)}`;
  const range = min === max ? String(min) : `${min} to ${max}`;
  return `${range} ${socketsInShort(which, max)} in every look from ${seconds(fromUs)} to ${seconds(toUs)}`;
}

/** What is there needs no more than its state; that nothing is there must not be said of more than was asked for. */
function some(count: number, which: Sockets): string {
  return count === 0 ? `no ${inFull(which)}` : `${count} ${socketsInShort(which, count)}`;
}

function inFull({ host: _, ...which }: Sockets): string {
  return socketsInFull(which, 2);
}

function most(series: Series): string {
  const { peak } = series;
  return peak === null ? "there was no look" : `the most was ${peak.value}, at ${seconds(peak.atUs)}`;
}

function looks(series: Series): string {
  return countOf(series.points.length, "look");
}

/** Named only where the claim is about who holds them. */
function heldBy(evidence: Evidence, which: Sockets): string {
  const named = which.owner === undefined ? [] : holders(evidence, which);
  return named.length === 0 ? "" : `, held by ${holdersInWords(named)}`;
}

function unlooked(which: Sockets, when = ""): Answer {
  return { holds: null, observed: `there was no look at the sockets${onHost(which.host)}${when}` };
}
