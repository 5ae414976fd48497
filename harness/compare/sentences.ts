import type { Arm, Comparison, Contrast } from "../model/comparison.ts";
import { idleSentence } from "./idle-sentence.ts";
import { limitSentences } from "./limit-sentences.ts";
import { portsPerSecond, TIME_WAIT_S } from "./ports.ts";
import { atTimes, inWords, places, same, whole } from "./wording.ts";

/**
 * The part of what keep-alive saves that counts as most of it. With N requests on a connection one of them pays for it, so 1 - 1/N is
 * saved: 1/2 with two requests, 4/5 with five. This value lies between the two, so far from both that noise moves no arm across it.
 */
const MOST = 0.6;
/** Rates differ when the whole interval of their ratio is above DIFFERS. Above TWICE, the sentence says "at least twice". */
const DIFFERS = 1.1;
const TWICE = 2;
/** The part of a round trip that counts as a whole one: histograms round to three digits. */
const NEARLY_ONE = 0.9;

/**
 * What a comparison shows, in sentences. A sentence states no more than the intervals of its figures support: steps that a whole
 * interval clears ("at least twice"), and counts. The figures themselves, with their intervals, are in the tables.
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
      ? ["Every arm went through undici over TLS: do not compare its figures with those of the raw engine."]
      : []),
  ];
}

/** What keep-alive saves at a round-trip time, and why. */
function savingSentence(contrast: Contrast, contrasts: Contrast[], arms: Arm[]): string {
  const { rate, serverCpu, dear } = contrast;
  if (rate.low <= DIFFERS) {
    return rate.high < 1 / DIFFERS
      ? "keep-alive serves fewer requests a second than a connection for each request"
      : "these repetitions show no clear difference between keep-alive and a connection for each request";
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
    segments === null ? "" : `: ${segments.kept} segments a request instead of ${segments.short}`;
  const cpu =
    serverCpu !== null && serverCpu.low >= TWICE
      ? "the server spends at most half the processor time on a request"
      : serverCpu !== null && serverCpu.low > DIFFERS
        ? "the server spends less processor time on a request"
        : "";
  const work = [serves, cpu].filter((part) => part !== "").join(", and ");
  return `${work}${counted}`;
}

/** By how many round trips, at least, an answer over a new connection is later; read where the round trips are longest. */
function tripsSpared({ rttMs, laterMs }: Contrast, contrasts: Contrast[]): number {
  const waiting = contrasts.filter((one) => one.dear === "time" && (one.rttMs ?? 0) > 0);
  const longest = waiting.toSorted((a, b) => (b.rttMs ?? 0) - (a.rttMs ?? 0))[0];
  if (longest?.laterMs === undefined || longest.laterMs === null || longest.rttMs === null) return 0;
  if (laterMs === null || rttMs === null) return 0;
  const trips = Math.floor(longest.laterMs.low / longest.rttMs + 1 - NEARLY_ONE);
  return laterMs.low >= NEARLY_ONE * trips * rttMs ? trips : 0;
}

/** Segments per request with short connections and with keep-alive, as whole numbers; null if not counted, or if none are saved. */
function segmentsSpared(arms: Arm[], rttMs: number | null): { short: number; kept: number } | null {
  const of = (id: string): number | null =>
    arms.find((arm) => arm.id === id && arm.rttMs === rttMs)?.segments?.median ?? null;
  const [short, kept] = [of("short"), of("keep-alive")];
  if (short === null || kept === null) return null;
  const rounded = { short: Math.round(short), kept: Math.round(kept) };
  return rounded.short > rounded.kept ? rounded : null;
}

/**
 * How many requests a connection it takes to save most of what keep-alive saves. If the measured interval lies on both sides of that
 * mark, the segments decide: they are counted and do not vary.
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
            ? `no number of requests a connection that was tried saves ${MOST * 100} % of what keep-alive saves`
            : `${from} or more requests a connection save most (at least ${MOST * 100} %) of what keep-alive saves: ` +
              "only one of them pays for the connection";
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
  if (dearer.length === 0) return ["Nothing that was measured here is a reason against short connections."];
  const trips = Math.max(...dearer.map((one) => tripsSpared(one, contrasts)));
  const segments = segmentsSpared(arms, dearer[0]?.rttMs ?? null);
  const price = [
    ...(trips > 0 ? [`${inWords(trips)} more ${trips === 1 ? "round trip" : "round trips"}`] : []),
    ...(segments === null ? [] : [`${segments.short - segments.kept} more segments`]),
    "the work of opening and closing",
  ];
  return [
    "Short connections are the right choice for a client that sends one request, or requests so rare that a kept " +
      `connection would be idle nearly all the time. Each request then costs ${places(price)}; ` +
      "between requests, short connections cost nothing.",
    ...portsSentence(shorts),
  ];
}

/** Whether short connections were opened faster than ports become free. */
function portsSentence(shorts: Arm[]): string[] {
  const [first] = shorts;
  const most = first === undefined ? null : portsPerSecond(first.ports);
  if (first === undefined || most === null) return [];
  const { timeWait, ports } = first;
  const side =
    timeWait.server === 0 && timeWait.client !== 0
      ? "the client, which closes first,"
      : "the end that closes first";
  const again = ports.keptS < TIME_WAIT_S ? `, but this kernel reuses it after ${ports.keptS} s` : "";
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
