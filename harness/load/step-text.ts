/** What stands in a text for the number of the connection. */
const NUMBER = "{n}";

const ESCAPES: Record<string, string> = {
  "\\r": "\r",
  "\\n": "\n",
  "\\t": "\t",
  "\\\\": "\\",
  "\\{": "{",
  "\\}": "}",
};
const TOKEN = /\\x[\dA-Fa-f]{2}|\\.|\{n\}|[^\\{]+|[^]/gsu;

/**
 * Bytes that a connection of `clients/dialogue` sends: the parts between the places where its number stands, one byte a character
 * (latin1).
 */
export type StepText = readonly [string, ...string[]];

/**
 * Reads a text: `\r \n \t \\ \{ \} \xNN` are single bytes, `{n}` is the connection's number, and any other character is its UTF-8.
 * Throws an Error with one sentence for the user when an escape is unknown.
 */
export function readText(text: string): StepText {
  const parts: [string, ...string[]] = [""];
  for (const [token] of text.matchAll(TOKEN)) {
    if (token === NUMBER) parts.push("");
    else parts[parts.length - 1] += bytesOf(token);
  }
  return parts;
}

/** Writes bytes as a text that `readText` reads back, in printable ASCII. `writeText([latin1])` gives any bytes as a text. */
export function writeText(parts: StepText): string {
  return parts.map(escaped).join(NUMBER);
}

function bytesOf(token: string): string {
  if (!token.startsWith("\\")) return utf8(token);
  if (/^\\x[\dA-Fa-f]{2}$/.test(token)) return String.fromCharCode(Number.parseInt(token.slice(2), 16));
  const byte = ESCAPES[token];
  if (byte === undefined) {
    throw new Error(`${JSON.stringify(token)} is no escape; the escapes are \\r \\n \\t \\\\ \\{ \\} \\xNN`);
  }
  return byte;
}

/** The UTF-8 of a text, one byte a character. This room knows no Buffer. */
function utf8(text: string): string {
  return encodeURIComponent(text.replace(/[\uD800-\uDFFF]/gu, "\uFFFD")).replace(
    /%([\dA-F]{2})/g,
    (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)),
  );
}

const NAMED = new Map(Object.entries(ESCAPES).map(([escape, byte]) => [byte, escape]));

function escaped(bytes: string): string {
  return bytes
    .replace(/[\\\r\n\t]/g, (byte) => NAMED.get(byte) ?? byte)
    .replace(/[^\x20-\x7e]/g, (byte) => `\\x${byte.charCodeAt(0).toString(16).padStart(2, "0")}`)
    .replaceAll(NUMBER, "\\{n\\}");
}
