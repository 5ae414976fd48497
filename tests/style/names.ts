/** Words that name no particular thing, so that a file with such a name collects anything. */
const NO_NOUN = /^(?:utils?|helpers?|commons?|types?|misc|shared|lib|index|constants)$/;

/** What is wrong with a file's name, or null. `harness/lab/world.lab.test.ts` is a good name. */
export function wrongName(path: string): string | null {
  const base = path.slice(path.lastIndexOf("/") + 1);
  if (!/^[a-z0-9]+(?:-[a-z0-9]+)*(?:\.lab)?(?:\.test|\.fixture|\.config|\.d)?\.(?:ts|mjs)$/.test(base)) {
    return `${path}: a file's name is lower-case words joined by "-"`;
  }
  const noun = base.slice(0, base.indexOf("."));
  return NO_NOUN.test(noun)
    ? `${path}: "${noun}" says nothing; name the one thing that the file is about`
    : null;
}
