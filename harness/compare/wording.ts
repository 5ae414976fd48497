/** A text that holds at one round-trip time. */
interface Said {
  rttMs: number | null;
  text: string;
}

/** Sentences on several round-trip times. A text that holds at several of them is written once, after all of its times. */
export function same(all: readonly Said[]): string[] {
  const byText = new Map<string, (number | null)[]>();
  for (const { rttMs, text } of all) byText.set(text, [...(byText.get(text) ?? []), rttMs]);
  return [...byText].map(([text, times]) => `${capital(atTimes(times))}, ${text}.`);
}

/** `at 1 ms and 20 ms`; `here` if the round-trip time is not known. */
export function atTimes(times: readonly (number | null)[]): string {
  const known = times.filter((rttMs) => rttMs !== null);
  return known.length === 0 ? "here" : `at ${places(known.map((rttMs) => `${rttMs} ms`))}`;
}

/** `a, b and c`. */
export function places(names: readonly string[]): string {
  const last = names.at(-1) ?? "";
  return names.length < 2 ? last : `${names.slice(0, -1).join(", ")} and ${last}`;
}

/** Small numbers in words. */
export function inWords(number: number): string {
  return ["no", "one", "two", "three", "four"][number] ?? String(number);
}

/** A whole number with commas between thousands: `28,232`. */
export function whole(number: number): string {
  return Math.floor(number).toLocaleString("en-US");
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
