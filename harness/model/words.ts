/** What stands in braces in a word of a command: `{server}`, `{server6}`, `{here}`. */
export interface Placeholder {
  whole: string;
  name: string;
  isIpv6: boolean;
}

/** Names that no host may have, because in a command they are folders (see ProgramPlan). */
export const FOLDER_NAMES = ["here", "scratch"];

const PLACEHOLDER = /\{([a-z]+)(6?)\}/g;

/** All that is to be filled in of a word. */
export function placeholders(word: string): Placeholder[] {
  return [...word.matchAll(PLACEHOLDER)].map(([whole, name = "", six]) => ({
    whole,
    name,
    isIpv6: six === "6",
  }));
}

/** A word with everything filled in. */
export function filledWord(word: string, valueOf: (placeholder: Placeholder) => string): string {
  return word.replaceAll(PLACEHOLDER, (whole, name: string, six: string) =>
    valueOf({ whole, name, isIpv6: six === "6" }),
  );
}
