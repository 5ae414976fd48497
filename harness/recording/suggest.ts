import leven from "leven";

/** The letters of a word, sorted: `laod` has those of `load`. */
const letters = (word: string): string => word.split("").toSorted().join("");

/** The largest part of a word's letters that can differ in a misspelling. */
const FAR = 0.4;

/** ` Did you mean X?` for the known word that is most similar, or an empty string when no known word is similar. */
export function suggest(word: string, known: string[]): string {
  const ranked = known
    .map((candidate) => ({
      candidate,
      distance:
        letters(word) === letters(candidate)
          ? 0
          : leven(word, candidate) / Math.max(word.length, candidate.length),
    }))
    .toSorted((a, b) => a.distance - b.distance);
  const nearest = ranked[0];
  const containing = known.find((candidate) => word.length > 2 && candidate.includes(word));
  if (nearest !== undefined && nearest.distance <= FAR) return ` Did you mean ${nearest.candidate}?`;
  return containing === undefined ? "" : ` Did you mean ${containing}?`;
}
