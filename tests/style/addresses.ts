/** 127/8 (RFC 1122), the documentation blocks (RFC 5737), and the unspecified address; in IPv6 2001:db8::/32 (RFC 3849). */
const OURS = /^(?:127\.|192\.0\.2\.|198\.51\.100\.|203\.0\.113\.|0\.0\.0\.0$|2001:0?db8:)/i;

/** The addresses in a text that are neither loopback nor reserved for documentation, and so could belong to somebody. */
export function foreignAddresses(text: string): string[] {
  const v4 = text.match(/(?<![\d.]|section )(?:\d{1,3}\.){3}\d{1,3}(?![\d.])/g) ?? [];
  const v6 = text.match(/(?<![\w:])[23][0-9a-f]{3}(?::[0-9a-f]{0,4}){2,7}(?![\w:])/gi) ?? [];
  return [...v4, ...v6].filter((address) => !OURS.test(address));
}
