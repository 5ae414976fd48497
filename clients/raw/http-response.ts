import { HttpHead, isFieldLine } from "./http-head.ts";
import { LineReader } from "./lines.ts";
import type { Progress, ResponseReader } from "./protocol.ts";

/** The longest line that is taken, and the most that the lines of heads or trailers may come to, in bytes. */
const LINE_MOST = 16_384;
const LINES_MOST = 65_536;

/** Every status line of HTTP/1 begins so: what does not is found out before its line ends. */
const BEGINNING = "HTTP/1.";

/** RFC 9112 section 7.1. A chunk's extensions are read over. Thirteen hexadecimal digits are exact in a double. */
const CHUNK_SIZE = /^([\dA-Fa-f]{1,13})[\t ]*(?:;[\t\x20-\x7e\x80-\xff]*)?$/;

/** What is expected next. In `body` and `chunk` bytes are counted off; in the others up to `trailers` a line is read. */
type Part =
  | "status"
  | "field"
  | "body"
  | "chunk-size"
  | "chunk"
  | "chunk-end"
  | "trailer"
  | "whole"
  | "unexpected";

/**
 * An incremental reader of HTTP/1 responses (RFC 9112): Content-Length, chunked and close-delimited bodies, interim
 * (1xx) responses skipped, HEAD, 204 and 304 without a body. A body is counted, not kept. A response refuses the
 * request when its status is 400 or above.
 */
export class HttpResponse implements ResponseReader {
  readonly #method: "GET" | "HEAD";
  readonly #line = new LineReader(LINE_MOST);
  readonly #head = new HttpHead();
  #part: Part = "status";
  /** Bytes still to come of the body or chunk; Infinity until the connection ends. */
  #missing = 0;
  #linesLength = 0;
  consumed = 0;

  constructor(method: "GET" | "HEAD") {
    this.#method = method;
  }

  begin(): void {
    this.#line.begin();
    this.#part = "status";
    this.#missing = 0;
    this.#linesLength = 0;
  }

  get status(): number {
    return this.#head.status;
  }

  get refused(): boolean {
    return this.#head.status >= 400;
  }

  get persistent(): boolean {
    return this.#missing === 0 && this.#head.keepsConnection;
  }

  feed(bytes: Buffer): Progress {
    let at = 0;
    while (at < bytes.length && !this.#over) {
      at = this.#missing > 0 ? this.#skip(bytes, at) : this.#readLine(bytes, at);
    }
    this.consumed = at;
    return this.#part === "whole" || this.#part === "unexpected" ? this.#part : "more";
  }

  end(): "whole" | "truncated" {
    return this.#part === "whole" || this.#missing === Infinity ? "whole" : "truncated";
  }

  get #over(): boolean {
    return this.#part === "whole" || this.#part === "unexpected";
  }

  #skip(bytes: Buffer, at: number): number {
    const count = Math.min(bytes.length - at, this.#missing);
    this.#missing -= count;
    if (this.#missing === 0) this.#part = this.#part === "chunk" ? "chunk-end" : "whole";
    return at + count;
  }

  #readLine(bytes: Buffer, at: number): number {
    const after = this.#line.read(bytes, at);
    if (this.#line.tooLong || (this.#part === "status" && !this.#line.mayBegin(BEGINNING))) {
      this.#part = "unexpected";
      return bytes.length;
    }
    if (after === -1) return bytes.length;
    const line = this.#line.take();
    this.#linesLength += line.length;
    this.#part = this.#linesLength > LINES_MOST ? "unexpected" : this.#afterLine(line);
    return after;
  }

  #afterLine(line: string): Part {
    switch (this.#part) {
      case "status":
        return this.#head.readStatus(line) ? "field" : "unexpected";
      case "field":
        if (!this.#head.readField(line)) return "unexpected";
        return line === "" ? this.#afterHead() : "field";
      case "chunk-size":
        return this.#afterChunkSize(line);
      case "chunk-end":
        return line === "" ? "chunk-size" : "unexpected";
      case "trailer":
        if (line === "") return "whole";
        return isFieldLine(line) ? "trailer" : "unexpected";
      case "body":
      case "chunk":
      case "whole":
      case "unexpected":
        return "unexpected";
    }
  }

  #afterHead(): Part {
    // 101 hands the connection over to another protocol, which nobody here asked for.
    if (this.#head.status === 101) return "unexpected";
    if (this.#head.interim) return "status";
    const end = this.#head.bodyEnd(this.#method);
    if (end === null) return "unexpected";
    if (end.by === "chunks") return "chunk-size";
    this.#missing = end.by === "close" ? Infinity : end.bytes;
    return this.#missing === 0 ? "whole" : "body";
  }

  #afterChunkSize(line: string): Part {
    const size = CHUNK_SIZE.exec(line)?.[1];
    if (size === undefined) return "unexpected";
    // The number of chunks is the body's affair; only the trailers after the last one are bounded again.
    this.#linesLength = 0;
    this.#missing = Number.parseInt(size, 16);
    return this.#missing === 0 ? "trailer" : "chunk";
  }
}
