import { suggest } from "./suggest.ts";

/** So many known names are listed. More would hide the one that was meant. */
const FEW = 12;

/**
 * The sentence about a name that something uses and nothing defines, with its path, the most similar name, and all names if there are few:
 * `programs.load.host: there is no host "clint". Did you mean client? There are client, server.` Empty when the name is known.
 */
export function unknownName(noun: string, name: string, known: readonly string[], path: string): string[] {
  if (known.includes(name)) return [];
  const few = known.length <= FEW ? ` There are ${known.join(", ") || "none"}.` : "";
  return [`${path}: there is no ${noun} ${JSON.stringify(name)}.${suggest(name, [...known])}${few}`];
}
