/** A placeholder in a word of a command: `{server}`, `{server6}`, `{here}`. */
export interface Placeholder {
  whole: string;
  name: string;
  isIpv6: boolean;
}

/** Names that are not allowed for hosts, because in a command they mean folders (see ProgramPlan). */
export const FOLDER_NAMES = ["here", "scratch"];

const PLACEHOLDER = /\{([a-z]+)(6?)\}/g;

/** All placeholders in a word. */
export function placeholders(word: string): Placeholder[] {
  return [...word.matchAll(PLACEHOLDER)].map(([whole, name = "", six]) => ({
    whole,
    name,
    isIpv6: six === "6",
  }));
}

/** A word with all placeholders replaced. */
export function filledWord(word: string, valueOf: (placeholder: Placeholder) => string): string {
  return word.replaceAll(PLACEHOLDER, (whole, name: string, six: string) =>
    valueOf({ whole, name, isIpv6: six === "6" }),
  );
}
