import type { Arm, Comparison, Contrast, Estimate } from "../model/comparison.ts";
import { isClientBound } from "./client-bound.ts";
import { closedEarlySentences } from "./closed-after.ts";
import { footingsOf, placeOf, unsound } from "./footing.ts";
import { idleSentence } from "./idle-sentence.ts";
import { limitSentences } from "./limit-sentences.ts";
import { mostSentences } from "./most-sentences.ts";
import { portsSentence } from "./ports-sentence.ts";
import { atPlaces, digits, inWords, places, same } from "./wording.ts";

/** Rates differ when the whole interval of their ratio is above this. */
const DIFFERS = 1.1;
/** The greatest ratio of rates that alone is no reason against short connections. */
const LITTLE = 1.25;
/** The part of a round trip that counts as a whole one: histograms round to three digits. */
const NEARLY_ONE = 0.9;

/** What a comparison shows at one place, from enough repetitions: `1 ms`, `1 ms (3 of 5 repetitions)`, `here`. */
interface Shown {
  place: string;
  arms: Arm[];
  contrast: Contrast | null;
  /** The rates are those of the client, and not of the user's server. In the lab both ends are lastack's own, and are compared together. */
  isClients: boolean;
}

/**
 * What a comparison shows, in sentences. Each conclusion states the figures that it rests on, and says no more than the whole interval
 * supports. A conclusion that rests on fewer repetitions than asked for says so, and there is none that rests on fewer than two.
 */
export function sentencesOf(comparison: Comparison): string[] {
  const footings = footingsOf(comparison);
  const without = footings.flatMap((footing) => {
    const text = unsound(footing);
    return text === null ? [] : [{ place: footing.rttMs === null ? "here" : `${footing.rttMs} ms`, text }];
  });
  const shown = footings
    .filter((footing) => unsound(footing) === null)
    .map((footing): Shown => {
      const arms = comparison.arms.filter(({ rttMs }) => rttMs === footing.rttMs);
      const contrast = comparison.contrasts.find(({ rttMs }) => rttMs === footing.rttMs) ?? null;
      return {
        place: placeOf(footing),
        arms,
        contrast,
        isClients: comparison.url !== null && arms.some(isBoundAndCompared),
      };
    });
  const isWhole =
    without.length === 0 &&
    footings.every(({ measured, asked }) => measured >= asked) &&
    shown.every(({ contrast }) => contrast !== null);
  return [
    ...same(without),
    ...same(shown.flatMap((one) => savingText(one, shown))),
    ...mostSentences(shown.filter(isDearer)),
    ...idleSentence(comparison.held),
    ...shortSentence(shown, isWhole),
    ...portsSentences(shown),
    ...limitSentences(shown),
    ...closedEarlySentences(shown.flatMap(({ arms }) => arms)),
    ...(comparison.engine === "undici" && shown.length > 0
      ? ["Every arm went through undici over TLS: do not compare its figures with those of the raw engine."]
      : []),
    ...(comparison.url !== null && comparison.plan.insecure && shown.length > 0
      ? ["The server's certificate was not checked (--insecure)."]
      : []),
  ];
}

/** Whether the client limits one of the two arms whose rates are compared. */
function isBoundAndCompared(arm: Arm): boolean {
  return (arm.id === "short" || arm.id === "keep-alive") && isClientBound(arm);
}

/** Whether keep-alive serves more requests a second, by the whole interval. */
function isDearer({ contrast }: Shown): boolean {
  return contrast !== null && (contrast.rate.low ?? 0) > DIFFERS;
}

/** What keep-alive saves at one place, and why. */
function savingText(one: Shown, shown: Shown[]): { place: string; text: string }[] {
  const { place, contrast, arms } = one;
  if (contrast === null || contrast.rate.low === null || contrast.rate.high === null) return [];
  const { rate, dear, laterMs, rttMs } = contrast;
  const cpu = cpuText(contrast, arms);
  const counted = countedText(arms);
  // The rates of such an arm are the client's. Processor time and segments are those of the server all the same.
  if (one.isClients) return cpu === null ? [] : [{ place, text: `${cpu}${counted}` }];
  if (contrast.rate.low <= DIFFERS && contrast.rate.high >= 1 / DIFFERS) {
    const range = `${timesAsMany(rate)}${insteadOf(arms)}`;
    return [
      {
        place,
        text: `these repetitions show no clear difference between keep-alive and a connection for each request: ${range}`,
      },
    ];
  }
  const serves = `keep-alive serves ${timesAsMany(rate)} as a connection for each request${insteadOf(arms)}`;
  if (contrast.rate.low <= DIFFERS) return [{ place, text: serves }];
  if (dear === "time" && laterMs !== null && rttMs !== null && tripsSpared(one, shown) > 0) {
    const later = `${digits(laterMs.median, 2)} ms later${shownLater(arms)}: ${digits(laterMs.median / rttMs, 2)} round trips`;
    return [{ place, text: `${serves}, because an answer over a new connection comes ${later}` }];
  }
  return [{ place, text: `${[serves, ...(cpu === null ? [] : [cpu])].join(", and ")}${counted}` }];
}

/** `5.0 times (4.3-8.1) as many requests a second`: the ratio of the medians, and its interval. */
function timesAsMany({ median, low, high }: Estimate): string {
  const within = low === null || high === null ? "" : ` (${digits(low, 2)}-${digits(high, 2)})`;
  return `${digits(median, 2)} times${within} as many requests a second`;
}

/** ` (51,593 instead of 10,278)`: the medians that a ratio is made of, as the table has them. */
function insteadOf(arms: Arm[]): string {
  const [short, kept] = both(arms, (arm) => arm.perSecond);
  return short === null || kept === null ? "" : ` (${digits(kept, 1)} instead of ${digits(short, 1)})`;
}

/** ` (42.2 ms instead of 20.9)`: the medians of the times of both. */
function shownLater(arms: Arm[]): string {
  const [short, kept] = both(arms, (arm) => arm.totalMs?.p50);
  return short === null || kept === null ? "" : ` (${digits(short, 3)} ms instead of ${digits(kept, 3)})`;
}

/** The medians of a figure of short connections and of keep-alive. */
function both(
  arms: Arm[],
  figure: (arm: Arm) => Estimate | null | undefined,
): [number | null, number | null] {
  const of = (id: string): number | null => {
    const arm = arms.find((one) => one.id === id);
    return arm === undefined ? null : (figure(arm)?.median ?? null);
  };
  return [of("short"), of("keep-alive")];
}

/** The server's processor time for a request; null if it is not known, or not clearly less with keep-alive. */
function cpuText({ serverCpu }: Contrast, arms: Arm[]): string | null {
  const [short, kept] = both(arms, (arm) => arm.serverCpuUs);
  if ((serverCpu?.low ?? 0) <= DIFFERS || short === null || kept === null) return null;
  return `the server spends ${digits(kept, 3)} us of processor time on a request instead of ${digits(short, 3)}`;
}

function countedText(arms: Arm[]): string {
  const segments = segmentsSpared(arms);
  return segments === null ? "" : `: ${segments.kept} segments a request instead of ${segments.short}`;
}

/** By how many whole round trips an answer over a new connection is later; read where the round trips are longest. */
function tripsSpared({ contrast }: Shown, shown: Shown[]): number {
  const waiting = shown.flatMap((one) =>
    one.contrast !== null && one.contrast.dear === "time" && (one.contrast.rttMs ?? 0) > 0
      ? [one.contrast]
      : [],
  );
  const longest = waiting.toSorted((a, b) => (b.rttMs ?? 0) - (a.rttMs ?? 0))[0];
  const least = longest?.laterMs?.low ?? null;
  const own = contrast?.laterMs?.low ?? null;
  const rttMs = contrast?.rttMs ?? null;
  if (least === null || own === null || rttMs === null || (longest?.rttMs ?? null) === null) return 0;
  const trips = Math.floor(least / (longest?.rttMs ?? 1) + 1 - NEARLY_ONE);
  return own >= NEARLY_ONE * trips * rttMs ? trips : 0;
}

/** Segments per request with short connections and with keep-alive, as whole numbers; null if not counted, or if none are saved. */
function segmentsSpared(arms: Arm[]): { short: number; kept: number } | null {
  const [short, kept] = both(arms, (arm) => arm.segments);
  if (short === null || kept === null) return null;
  const rounded = { short: Math.round(short), kept: Math.round(kept) };
  return rounded.short > rounded.kept ? rounded : null;
}

/** When short connections are the right choice. `isWhole`: no repetition of the plan is missing. */
function shortSentence(shown: Shown[], isWhole: boolean): string[] {
  const dearer = shown.filter(isDearer);
  const contrasts = shown.flatMap(({ contrast }) => contrast ?? []);
  if (contrasts.length === 0) return [];
  if (dearer.length === 0) {
    const most = Math.max(...contrasts.map(({ rate }) => rate.high ?? Infinity));
    if (!isWhole || shown.some(({ isClients }) => isClients) || most > LITTLE) return [];
    return [
      `Nothing that was measured here is a reason against short connections: keep-alive serves at most ${digits(most, 2)} ` +
        `times as many requests a second (the upper end of ${contrasts.length === 1 ? "the interval" : "the intervals"}).`,
    ];
  }
  const trips = Math.max(...dearer.map((one) => tripsSpared(one, shown)));
  const segments = segmentsSpared(dearer[0]?.arms ?? []);
  const price = [
    ...(trips > 0 ? [`${inWords(trips)} more ${trips === 1 ? "round trip" : "round trips"}`] : []),
    ...(segments === null ? [] : [`${segments.short - segments.kept} more segments`]),
    "the work of opening and closing",
  ];
  const where = isWhole ? "" : ` This was measured ${atPlaces(dearer.map(({ place }) => place))} only.`;
  return [
    "Short connections are the right choice for a client that sends one request, or requests so rare that a kept " +
      `connection would be idle nearly all the time. Each request then costs ${places(price)}; ` +
      `between requests, short connections cost nothing.${where}`,
  ];
}

function portsSentences(shown: Shown[]): string[] {
  return portsSentence(
    shown.flatMap(({ place, arms }) =>
      arms.filter(({ id }) => id === "short").map((arm) => ({ place, arm })),
    ),
  );
}
