const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const ISO = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(?:[.,](\d{1,9}))? ?(Z|[+-]\d\d:?\d\d)?$/;
/** `date` of coreutils in the C locale, and in those of English: `Mon Nov 30 19:05:29 UTC 2026`, `Mon 30 Nov 2026 07:05:29 PM UTC`. */
const C_DATE = /^[A-Z][a-z]{2} ([A-Z][a-z]{2}) +(\d{1,2}) (\d\d:\d\d:\d\d) \S+ (\d{4})$/;
const ENGLISH =
  /^[A-Z][a-z]{2},? +(\d{1,2}) ([A-Z][a-z]{2}) (\d{4}) (\d\d):(\d\d:\d\d)(?: ([AP]M))?(?: \S+)?$/;
const EPOCH = /^(1\d{9})(\.\d{1,9})?$/;

/** A time, and how far after it the moment may have been: a date in whole seconds leaves out up to one. */
export interface Taken {
  ms: number;
  resolutionMs: number;
}

/**
 * The time in a line that is nothing but a date: `date`, `date -Is`, `date +%s.%N`. In milliseconds; only differences of such times mean
 * something, because the zone of some forms is not read. null for any other line.
 */
export function timeIn(line: string): Taken | null {
  const ms = millisecondsIn(line.trim());
  return ms === null ? null : { ms, resolutionMs: /\d[.,]\d/.test(line) ? 1 : 1000 };
}

function millisecondsIn(text: string): number | null {
  const epoch = EPOCH.exec(text);
  if (epoch !== null) return Number(text) * 1000;
  const [, day, clock, fraction = "", zone] = ISO.exec(text) ?? [];
  if (day !== undefined && clock !== undefined) {
    return finite(Date.parse(`${day}T${clock}${zone ?? "Z"}`) + Number(`0.${fraction || "0"}`) * 1000);
  }
  const [, month, date, time, year] = C_DATE.exec(text) ?? [];
  if (month !== undefined) return utc(year, month, date, time);
  const [, english, name, its, hour, rest, half] = ENGLISH.exec(text) ?? [];
  if (name === undefined) return null;
  const hours = half === undefined ? Number(hour) : (Number(hour) % 12) + (half === "PM" ? 12 : 0);
  return utc(its, name, english, `${String(hours).padStart(2, "0")}:${rest}`);
}

function utc(year = "", month: string, day = "", clock = ""): number | null {
  const number = MONTHS.indexOf(month) + 1;
  if (number === 0) return null;
  const two = (value: number | string): string => String(value).padStart(2, "0");
  return finite(Date.parse(`${year}-${two(number)}-${two(day)}T${clock}Z`));
}

function finite(ms: number): number | null {
  return Number.isFinite(ms) ? ms : null;
}
