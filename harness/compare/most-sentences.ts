import type { Contrast } from "../model/comparison.ts";
import { atPlaces, digits, places } from "./wording.ts";

/**
 * The part of what keep-alive saves that counts as most of it. With N requests on a connection one of them pays for it, so 1 - 1/N is
 * saved: 1/2 with two requests, 4/5 with five. This value lies between the two, so far from both that noise moves no arm across it.
 */
const MOST = 0.6;

type Saved = Contrast["saved"][number];

/**
 * How many requests a connection it takes to save most of what keep-alive saves, and how much so many save at each place. If the
 * measured interval lies on both sides of that mark, the segments decide: they are counted and do not vary.
 */
export function mostSentences(all: readonly { place: string; contrast: Contrast | null }[]): string[] {
  const found = all.flatMap(({ place, contrast }) => {
    const saved = (contrast?.saved ?? []).toSorted((a, b) => a.requestsEach - b.requestsEach);
    const most = saved.find(isMost);
    const shown = most ?? saved.at(-1);
    if (shown === undefined) return [];
    const by: By = isClear(shown) || shown.ofSegments === null ? (contrast?.dear ?? "work") : "segments";
    return [{ place, from: most?.requestsEach ?? null, text: shareText(shown, by), shown, by }];
  });
  return [...new Set(found.map(({ from }) => from))].map((from) => {
    const some = found.filter((one) => one.from === from);
    const shares = places(
      [...new Set(some.map(({ text }) => text))].map(
        (text) => `${text} ${atPlaces(some.filter((one) => one.text === text).map(({ place }) => place))}`,
      ),
    );
    const tried = some[0]?.shown.requestsEach ?? 0;
    const how = `${tried} save ${shares}. ${formula(tried, [...new Set(some.map(({ by }) => by))])}`;
    if (from !== null)
      return (
        `With ${from} or more requests, a connection saves most (${MOST * 100} % or more) of what keep-alive saves, because only one of ` +
        `them pays for the connection: ${how}`
      );
    return `No number of requests a connection that was tried saves ${MOST * 100} % of what keep-alive saves: ${how}`;
  });
}

function isMost(saved: Saved): boolean {
  const { share, ofSegments } = saved;
  return isClear(saved) ? share.median >= MOST : (ofSegments ?? share).median >= MOST;
}

/** Whether the interval of the share lies on one side of the mark. */
function isClear({ share }: Saved): boolean {
  return (share.low !== null && share.low >= MOST) || (share.high !== null && share.high < MOST);
}

/** What a share is computed from, with the columns of the table. */
type By = Contrast["dear"] | "segments";
const COLUMNS: Record<By, string> = {
  time: "time is 1 / (requests/s)",
  work: "work is the CPU us of both ends",
  segments: "segments are segs",
};

/** `81 % of the time`, or `80 % of the segments` where the segments decide. */
function shareText({ share, ofSegments }: Saved, by: By): string {
  const value = by === "segments" ? (ofSegments ?? share) : share;
  return `${digits(value.median * 100, 2)} % of the ${by}`;
}

/** How the shares follow from the medians of the table. */
function formula(requestsEach: number, all: readonly By[]): string {
  return `Each share is (short - ${requestsEach}) / (short - keep-alive) of the medians above; ${places(all.map((by) => COLUMNS[by]))}.`;
}
