const LONGEST_V4 = 15;
const LONGEST_V6 = 45;

/** The text of an address of 4 or 16 bytes at an offset; IPv6 as RFC 5952 section 4 writes it. */
export function addressText(bytes: Uint8Array, offset: number, ipVersion: 4 | 6): string {
  if (ipVersion === 4) return bytes.subarray(offset, offset + 4).join(".");
  const groups = Array.from(
    { length: 8 },
    (_, n) => ((bytes[offset + 2 * n] ?? 0) << 8) | (bytes[offset + 2 * n + 1] ?? 0),
  );
  const hex = groups.map((group) => group.toString(16));
  const { start, length } = longestZeros(groups);
  if (length < 2) return hex.join(":");
  return `${hex.slice(0, start).join(":")}::${hex.slice(start + length).join(":")}`;
}

/** The longest series of zero groups, or the first of several equally long ones: RFC 5952 section 4.2.3 shortens that one. */
function longestZeros(groups: number[]): { start: number; length: number } {
  let best = { start: 0, length: 0 };
  let start = 0;
  for (const [n, group] of groups.entries()) {
    if (group !== 0) start = n + 1;
    else if (n + 1 - start > best.length) best = { start, length: n + 1 - start };
  }
  return best;
}

/**
 * The 4 or 16 bytes of a numeric address (`192.0.2.1`, `2001:db8::1`, `::ffff:192.0.2.1`; RFC 4291 section 2.2).
 * Throws a RangeError for anything else. Names are not resolved.
 */
export function addressBytes(text: string): Uint8Array {
  const bytes = text.includes(":") ? v6Bytes(text) : v4Bytes(text);
  if (bytes === null) throw new RangeError(`${text} is not an IPv4 or IPv6 address in numbers`);
  return bytes;
}

function v4Bytes(text: string): Uint8Array | null {
  if (text.length > LONGEST_V4 || !/^\d{1,3}(?:\.\d{1,3}){3}$/.test(text)) return null;
  const numbers = text.split(".").map(Number);
  return numbers.every((number) => number <= 255) ? Uint8Array.from(numbers) : null;
}

function v6Bytes(text: string): Uint8Array | null {
  if (text.length > LONGEST_V6) return null;
  const [head = "", tail, ...more] = text.split("::");
  if (more.length > 0) return null;
  const before = groupBytes(head, tail === undefined);
  const after = tail === undefined ? [] : groupBytes(tail, true);
  if (before === null || after === null) return null;
  const given = before.length + after.length;
  if (tail === undefined ? given !== 16 : given > 14) return null;
  return Uint8Array.from([...before, ...Array.from({ length: 16 - given }, () => 0), ...after]);
}

/** The bytes of groups such as `2001:db8`. With `isLast` the text ends with them, and the last group can be an IPv4 address. */
function groupBytes(text: string, isLast: boolean): number[] | null {
  if (text === "") return [];
  const groups = text.split(":");
  const bytes: number[] = [];
  for (const [n, group] of groups.entries()) {
    const v4 = isLast && n === groups.length - 1 ? v4Bytes(group) : null;
    if (v4 !== null) bytes.push(...v4);
    else if (/^[0-9a-f]{1,4}$/i.test(group)) {
      const number = Number.parseInt(group, 16);
      bytes.push(number >> 8, number & 0xff);
    } else return null;
  }
  return bytes;
}
