import leven from "leven";

/** How far off a word may be and still be taken for a slip. */
const FAR = 0.4;

/** `did you mean X?` for the nearest of what there is, or an empty string when nothing is near. */
export function suggest(word: string, known: string[]): string {
  const ranked = known
    .map((candidate) => ({
      candidate,
      distance: leven(word, candidate) / Math.max(word.length, candidate.length),
    }))
    .toSorted((a, b) => a.distance - b.distance);
  const nearest = ranked[0];
  const containing = known.find((candidate) => word.length > 2 && candidate.includes(word));
  if (nearest !== undefined && nearest.distance <= FAR) return ` Did you mean ${nearest.candidate}?`;
  return containing === undefined ? "" : ` Did you mean ${containing}?`;
}
