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
    return [{ place, from: most?.requestsEach ?? null, text: shareText(shown), shown }];
  });
  return [...new Set(found.map(({ from }) => from))].map((from) => {
    const some = found.filter((one) => one.from === from);
    const shares = places(
      [...new Set(some.map(({ text }) => text))].map(
        (text) => `${text} ${atPlaces(some.filter((one) => one.text === text).map(({ place }) => place))}`,
      ),
    );
    if (from !== null)
      return (
        `With ${from} or more requests, a connection saves most (${MOST * 100} % or more) of what keep-alive saves: ` +
        `${from} save ${shares}. Only one of them pays for the connection.`
      );
    const tried = some[0]?.shown.requestsEach ?? 0;
    return (
      `No number of requests a connection that was tried saves ${MOST * 100} % of what keep-alive saves: ` +
      `${tried} save ${shares}.`
    );
  });
}

function isMost(saved: Saved): boolean {
  const { share, ofSegments } = saved;
  if (share.low !== null && share.low >= MOST) return true;
  if (share.high !== null && share.high < MOST) return false;
  return (ofSegments ?? share).median >= MOST;
}

/** `81 %`, or `80 % by segments` where the segments decide. */
function shareText({ share, ofSegments }: Saved): string {
  const isClear = (share.low !== null && share.low >= MOST) || (share.high !== null && share.high < MOST);
  if (isClear || ofSegments === null) return `${digits(share.median * 100, 2)} %`;
  return `${digits(ofSegments.median * 100, 2)} % by segments`;
}
