/** A text that holds at one place: `1 ms`, `1 ms (3 of 5 repetitions)`, `here`. */
interface Said {
  place: string;
  text: string;
}

/** Sentences on several places. A text that holds at several of them is written once, after all of them. */
export function same(all: readonly Said[]): string[] {
  const byText = new Map<string, string[]>();
  for (const { place, text } of all) byText.set(text, [...(byText.get(text) ?? []), place]);
  return [...byText].map(([text, where]) => `${capital(atPlaces(where))}, ${text}.`);
}

/** `at 1 ms and 20 ms`; `here` if the round-trip time is not known. */
export function atPlaces(where: readonly string[]): string {
  return where.some((one) => one.startsWith("here")) ? places(where) : `at ${places(where)}`;
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

/** Smaller figures are printed as 0, because more digits than these help nobody. */
const LEAST = 1e-4;

/** A measured figure with so many digits, or all digits before the decimal point: `8.9`, `2.0`, `0.13`, `1,235`. */
export function digits(value: number, count: number): string {
  if (Math.abs(value) >= 10 ** (count - 1)) return Math.round(value).toLocaleString("en-US");
  return Math.abs(value) < LEAST ? "0" : value.toPrecision(count);
}

/** `0.71 to 0.75`, or `0.71` if all figures are the same with two digits. */
export function rangeOf(values: readonly number[]): string {
  const [low, high] = [digits(Math.min(...values), 2), digits(Math.max(...values), 2)];
  return low === high ? low : `${low} to ${high}`;
}

/** `90 to 95 %`, from shares of 1. */
export function percents(shares: readonly number[]): string {
  return `${rangeOf(shares.map((share) => share * 100))} %`;
}

/** The text with a capital letter at its beginning. */
export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
