const LONGEST = 60;

/** A value of any type in a few characters, for a message about a file that need not be TypeScript. */
export function shown(value: unknown): string {
  // JSON has no NaN.
  if (typeof value === "number" || value === undefined) return String(value);
  if (typeof value === "function") return "a function";
  try {
    const text = JSON.stringify(value) ?? typeof value;
    return text.length <= LONGEST ? text : `${text.slice(0, LONGEST - 3)}...`;
  } catch {
    // It contains itself, or a bigint.
    return typeof value;
  }
}
