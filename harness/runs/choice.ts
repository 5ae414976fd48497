/** What a word of the command line names. */
export interface Choice {
  /** The path of a user's own file, or an id or a glob of ids. */
  name: string;
  isFile: boolean;
  /** The variant, or a glob of variants, behind the slash; null: no variant was named. */
  variant: string | null;
}

/** Reads `close-wait-leak`, `close-wait-leak/fixed`, `./mine.ts` or `./mine.ts/plain`. */
export function choiceOf(word: string): Choice {
  const [, file, ofFile] = /^(.+\.(?:ts|js|mjs))(?:\/([^/]*))?$/.exec(word) ?? [];
  if (file !== undefined) return { name: file, isFile: true, variant: named(ofFile) };
  const slash = word.indexOf("/");
  // "./mine" and "/tmp/mine" are paths: no id begins with a dot or a slash.
  if (slash < 0 || word.startsWith(".") || word.startsWith("/"))
    return { name: word, isFile: false, variant: null };
  return { name: word.slice(0, slash), isFile: false, variant: named(word.slice(slash + 1)) };
}

/** A shell that completes the name of a folder leaves a slash behind it: "close-wait-leak/" names no variant. */
function named(variant: string | undefined): string | null {
  return variant === undefined || variant === "" ? null : variant;
}
