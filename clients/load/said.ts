/** What was said after each flag of a protocol, in order: as often as it was said. */
export type Said = Record<string, string[]>;

/** A flag of a program's own. */
export interface Flag {
  flag: string;
  /** null: the flag stands alone, and what was said after it is one empty text. */
  placeholder: string | null;
  meaning: string;
}

/** The one value of a flag; undefined when it was not said. Throws an Error with one sentence when it was said more than once. */
export function once(said: Said, flag: string): string | undefined {
  const [value, ...more] = said[flag] ?? [];
  if (more.length > 0) throw new Error(`--${flag} can be said once only`);
  return value;
}
