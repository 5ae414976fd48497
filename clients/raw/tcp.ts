import { LF } from "./lines.ts";
import { once } from "../load/said.ts";
import type { Progress, Protocol, ResponseReader, Saying } from "./protocol.ts";

/** The longest line that is accepted as an answer, in bytes. */
const LINE_MOST = 65_536;

/** The line protocol: the client sends `attempt <n>` and LF, or the text of --send; the server answers with one line. */
export const tcp: Saying = {
  flags: [
    {
      flag: "send",
      placeholder: "TEXT",
      meaning:
        "text to send instead of `attempt <n>\\n`, with \\n \\r \\t \\0 \\\\ and \\xNN; the answer is one line",
    },
  ],
  protocol(_plan, said): Protocol {
    const text = once(said, "send");
    const fixed = text === undefined ? null : unescaped(text);
    return {
      request: (attempt) => fixed ?? Buffer.from(`attempt ${attempt}\n`),
      reader: () => new LineResponse(),
    };
  },
};

const ESCAPE = /\\(?:x([\dA-Fa-f]{2})|([nrt0\\])|)/g;
const ESCAPED: Record<string, number> = { n: 0x0a, r: 0x0d, t: 0x09, "0": 0, "\\": 0x5c };

/** The bytes of a text with escapes: UTF-8, and `\xNN` is one byte. Throws an Error with one sentence for the user. */
export function unescaped(text: string): Buffer {
  const parts: Buffer[] = [];
  let at = 0;
  for (const match of text.matchAll(ESCAPE)) {
    const byte = match[1] === undefined ? ESCAPED[match[2] ?? ""] : Number.parseInt(match[1], 16);
    if (byte === undefined)
      throw new Error(
        `--send knows \\n, \\r, \\t, \\0, \\\\ and \\xNN, not ${JSON.stringify(text.slice(match.index, match.index + 4))}`,
      );
    parts.push(Buffer.from(text.slice(at, match.index)), Buffer.of(byte));
    at = match.index + match[0].length;
  }
  parts.push(Buffer.from(text.slice(at)));
  const bytes = Buffer.concat(parts);
  if (bytes.length === 0) throw new Error("--send takes at least one byte");
  return bytes;
}

class LineResponse implements ResponseReader {
  readonly refusal = null;
  readonly persistent = true;
  readonly oddity = "line-too-long";
  consumed = 0;
  #length = 0;

  begin(): void {
    this.#length = 0;
  }

  feed(bytes: Buffer): Progress {
    const end = bytes.indexOf(LF);
    this.consumed = end === -1 ? bytes.length : end + 1;
    this.#length += this.consumed;
    if (this.#length > LINE_MOST) return "unexpected";
    return end === -1 ? "more" : "whole";
  }

  end(): "truncated" {
    return "truncated";
  }
}
