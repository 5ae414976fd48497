import leven from "leven";

/** The letters of a word, sorted: `laod` has those of `load`. */
const letters = (word: string): string => word.split("").toSorted().join("");

/** The largest part of a word's letters that can differ in a misspelling. */
const FAR = 0.4;

/** A word of the user in a message: in quotes, unless it is a plain word or path. */
export function quoted(word: string): string {
  return /^[\w./*-]+$/.test(word) ? word : JSON.stringify(word);
}

/** ` Did you mean X?` for the known word that is most similar, or an empty string when no known word is similar. */
export function suggest(word: string, known: string[]): string {
  const near = nearest(word, known);
  return near === undefined ? "" : ` Did you mean ${near}?`;
}

/** The known word that is most similar; undefined when no known word is similar. */
export function nearest(word: string, known: string[]): string | undefined {
  const ranked = known
    .map((candidate) => ({
      candidate,
      distance:
        letters(word) === letters(candidate)
          ? 0
          : leven(word, candidate) / Math.max(word.length, candidate.length),
    }))
    .toSorted((a, b) => a.distance - b.distance);
  const first = ranked[0];
  if (first !== undefined && first.distance <= FAR) return first.candidate;
  return known.find((candidate) => word.length > 2 && candidate.includes(word));
}
