import type { Arm, Comparison, Contrast } from "../model/comparison.ts";
import { idleSentence } from "./idle-sentence.ts";
import { limitSentences } from "./limit-sentences.ts";
import { portsPerSecond, TIME_WAIT_S } from "./ports.ts";
import { atTimes, inWords, places, same, whole } from "./wording.ts";

/**
 * The part of what keep-alive spares that is called most of it. Of N requests on a connection one pays for it, so that 1 - 1/N is
 * spared: 1/2 of two requests, 4/5 of five. Between these lies no arm that noise could move across.
 */
const MOST = 0.6;
/** Rates differ when all of the interval is beyond this, and are told as a multiple of two when it is beyond that. */
const DIFFERS = 1.1;
const TWICE = 2;
/** A round trip longer, when so much of one is seen: histograms round to three digits. */
const NEARLY_ONE = 0.9;

/**
 * What a comparison says, in sentences. A sentence says no more than the intervals of its figures hold: steps that they clear
 * ("at least twice"), and counts. The figures themselves, with their intervals, are in the tables.
 */
export function sentencesOf(comparison: Comparison): string[] {
  const { contrasts, arms } = comparison;
  return [
    ...same(contrasts.map((one) => ({ rttMs: one.rttMs, text: savingSentence(one, contrasts, arms) }))),
    ...mostSentences(contrasts),
    ...idleSentence(comparison.held),
    ...shortSentence(contrasts, arms),
    ...limitSentences(arms),
    ...(comparison.engine === "undici"
      ? [
          "Every arm went through undici over TLS: its figures are not to be held beside those of the raw engine.",
        ]
      : []),
  ];
}

/** What keep-alive saves at a round-trip time, and why. */
function savingSentence(contrast: Contrast, contrasts: Contrast[], arms: Arm[]): string {
  const { rate, serverCpu, dear } = contrast;
  if (rate.low <= DIFFERS) {
    return rate.high < 1 / DIFFERS
      ? "keep-alive serves fewer requests a second than a connection for each request"
      : "the repetitions do not tell keep-alive's requests a second from those of a connection for each request";
  }
  const more =
    rate.low >= TWICE ? "at least twice as many requests a second as" : "more requests a second than";
  const serves = `keep-alive serves ${more} a connection for each request`;
  const trips = dear === "time" ? tripsSpared(contrast, contrasts) : 0;
  if (trips > 0) {
    const times = trips === 1 ? "one round trip" : `${inWords(trips)} round trips`;
    return `keep-alive serves more requests a second than a connection for each request, because an answer over a new connection comes at least ${times} later`;
  }
  const segments = segmentsSpared(arms, contrast.rttMs);
  const counted =
    segments === null ? "" : `: of ${segments.short} segments a request ${segments.kept} remain`;
  const cpu =
    serverCpu !== null && serverCpu.low >= TWICE
      ? "the server spends at most half the processor time on a request"
      : serverCpu !== null && serverCpu.low > DIFFERS
        ? "the server spends less processor time on a request"
        : "";
  const work = [serves, cpu].filter((part) => part !== "").join(", and ");
  return `${work}${counted}`;
}

/** How many round trips later an answer over a new connection comes, at the least; as told where they are longest. */
function tripsSpared({ rttMs, laterMs }: Contrast, contrasts: Contrast[]): number {
  const waiting = contrasts.filter((one) => one.dear === "time" && (one.rttMs ?? 0) > 0);
  const longest = waiting.toSorted((a, b) => (b.rttMs ?? 0) - (a.rttMs ?? 0))[0];
  if (longest?.laterMs === undefined || longest.laterMs === null || longest.rttMs === null) return 0;
  if (laterMs === null || rttMs === null) return 0;
  const trips = Math.floor(longest.laterMs.low / longest.rttMs + 1 - NEARLY_ONE);
  return laterMs.low >= NEARLY_ONE * trips * rttMs ? trips : 0;
}

/** Segments a request of short connections and of keep-alive, as whole numbers; null where they were not counted. */
function segmentsSpared(arms: Arm[], rttMs: number | null): { short: number; kept: number } | null {
  const of = (id: string): number | null =>
    arms.find((arm) => arm.id === id && arm.rttMs === rttMs)?.segments?.median ?? null;
  const [short, kept] = [of("short"), of("keep-alive")];
  if (short === null || kept === null) return null;
  const rounded = { short: Math.round(short), kept: Math.round(kept) };
  return rounded.short > rounded.kept ? rounded : null;
}

/**
 * From how many requests a connection on most is saved. Where the interval of what was measured lies on both sides, the segments
 * tell: they are counted, and vary with nothing.
 */
function mostSentences(contrasts: Contrast[]): string[] {
  return same(
    contrasts
      .filter((contrast) => contrast.rate.low > DIFFERS && contrast.saved.length > 0)
      .map((contrast) => {
        const from = contrast.saved
          .toSorted((a, b) => a.requestsEach - b.requestsEach)
          .find(isMost)?.requestsEach;
        const text =
          from === undefined
            ? `no number of requests a connection that was tried saves ${MOST * 100} % of it`
            : `most of it (at least ${MOST * 100} %) is saved from ${from} requests a connection on: only one of them pays for the connection`;
        return { rttMs: contrast.rttMs, text };
      }),
  );
}

function isMost({ share, ofSegments }: Contrast["saved"][number]): boolean {
  if (share.low >= MOST) return true;
  if (share.high < MOST) return false;
  return (ofSegments ?? share).median >= MOST;
}

/** When short connections are the right choice. */
function shortSentence(contrasts: Contrast[], arms: Arm[]): string[] {
  const shorts = arms.filter(({ id }) => id === "short");
  const dearer = contrasts.filter(({ rate }) => rate.low > DIFFERS);
  if (shorts.length === 0 || contrasts.length === 0) return [];
  if (dearer.length === 0) return ["Nothing that was measured here speaks against short connections."];
  const trips = Math.max(...dearer.map((one) => tripsSpared(one, contrasts)));
  const segments = segmentsSpared(arms, dearer[0]?.rttMs ?? null);
  const price = [
    ...(trips > 0 ? [`${inWords(trips)} more ${trips === 1 ? "round trip" : "round trips"}`] : []),
    ...(segments === null ? [] : [`${segments.short - segments.kept} more segments`]),
    "the work of opening and closing",
  ];
  return [
    "Short connections are the right choice for a client that asks once, or so seldom that a kept one would be idle " +
      `nearly all the time: they cost ${places(price)} when asked over, and nothing in between.`,
    ...portsSentence(shorts),
  ];
}

/** Where short connections came faster than ports come back. */
function portsSentence(shorts: Arm[]): string[] {
  const [first] = shorts;
  const most = first === undefined ? null : portsPerSecond(first.ports);
  if (first === undefined || most === null) return [];
  const { timeWait, ports } = first;
  const side =
    timeWait.server === 0 && timeWait.client !== 0 ? "the client, which closes first," : "who closes first";
  const again = ports.keptS < TIME_WAIT_S ? `, and this kernel uses it again after ${ports.keptS} s` : "";
  const bound =
    `One client address can sustain ${whole(most)} short connections a second to one server port: ` +
    `${side} keeps each of ${whole(ports.range ?? 0)} ports in TIME-WAIT for ${TIME_WAIT_S} s${again}.`;
  const fast = shorts.filter(({ connectionsPerSecond }) => connectionsPerSecond.median > most);
  const slow = shorts.filter((arm) => !fast.includes(arm));
  const runs = (arms: Arm[]): string => `The runs ${atTimes(arms.map(({ rttMs }) => rttMs))}`;
  const sentences = [
    bound,
    ...(fast.length > 0 ? [`${runs(fast)} exceeded that, and could not have lasted.`] : []),
    ...(slow.length > 0 ? [`${runs(slow)} did not exceed it.`] : []),
  ];
  return [sentences.join(" ")];
}
