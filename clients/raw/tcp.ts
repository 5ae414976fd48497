import { LF } from "./lines.ts";
import type { Progress, Protocol, ResponseReader } from "./protocol.ts";

/** The longest line that is taken for an answer, in bytes. */
const LINE_MOST = 65_536;

/** The echo kind of protocol: the client sends `attempt <n>` and LF, the server answers with one line, whatever is in it. */
export const tcp: Protocol = {
  request: (attempt) => Buffer.from(`attempt ${attempt}\n`),
  reader: () => new LineResponse(),
};

class LineResponse implements ResponseReader {
  readonly refused = false;
  readonly persistent = true;
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
