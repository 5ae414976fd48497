/** The values given for each flag of a protocol, in order. A repeated flag has several values. */
export type Said = Record<string, string[]>;

/** A flag that only some programs have. */
export interface Flag {
  flag: string;
  /** null: the flag takes no value, and `Said` has an empty string for it. */
  placeholder: string | null;
  meaning: string;
}

/** The single value of a flag; undefined when the flag is missing. Throws an Error with one sentence when the flag is repeated. */
export function once(said: Said, flag: string): string | undefined {
  const [value, ...more] = said[flag] ?? [];
  if (more.length > 0) throw new Error(`--${flag} can be given only once`);
  return value;
}
