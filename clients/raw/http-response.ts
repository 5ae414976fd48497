import { HttpHead } from "./http-head.ts";
import { KnownHead } from "./known-head.ts";
import { LineReader } from "./lines.ts";
import type { Method } from "../../harness/load/method.ts";
import type { Oddity } from "../../harness/load/outcome.ts";
import type { Progress, ResponseReader } from "./protocol.ts";

/** The longest line that is accepted, and the longest sum of the lines of heads or of trailers, in bytes. */
const LINE_MOST = 16_384;
const LINES_MOST = 65_536;

/** Every status line of HTTP/1 begins like this. Other bytes are noticed before their line ends. */
const BEGINNING = "HTTP/1.";

/** RFC 9112 section 7.1. Chunk extensions are ignored. A number of thirteen hexadecimal digits is exact in a double. */
const CHUNK_SIZE = /^([\dA-Fa-f]{1,13})[\t ]*(?:;[\t\x20-\x7e\x80-\xff]*)?$/;

/** What is expected next. In `body` and `chunk`, bytes are counted; in the others up to `trailer`, a line is read. */
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
  readonly #method: Method;
  readonly #known: KnownHead;
  /** Made only when a line has to be parsed. */
  #lines: { line: LineReader; head: HttpHead } | null = null;
  #part: Part = "status";
  #status = 0;
  #keepsConnection = false;
  /** The bytes of the body or chunk that are still to come; Infinity: until the connection ends. */
  #missing = 0;
  #linesLength = 0;
  /** The length of the body, when a head with a length has just been read. */
  #announced: number | null = null;
  /** Whether no byte of the response has come yet. */
  #fresh = true;
  consumed = 0;
  oddity: Oddity = "unexpected";
  /** The bytes of the heads so far, with those of interim responses and with line ends. */
  headBytes = 0;
  /** The bytes of the content so far, without the framing of chunks. */
  contentBytes = 0;
  /** Gets the pieces of the content. Null: the content is only counted. */
  onContent: ((piece: Buffer) => void) | null = null;

  /** Readers of answers to the same method can share one `known`. */
  constructor(method: Method, known = new KnownHead()) {
    this.#method = method;
    this.#known = known;
  }

  begin(): void {
    this.#lines?.line.begin();
    this.#part = "status";
    this.#fresh = true;
    this.#announced = null;
    this.#missing = 0;
    this.#linesLength = 0;
    this.headBytes = 0;
    this.contentBytes = 0;
  }

  /** The last head, or as much of it as has come; null when none has begun, or when it was skipped because it was known. */
  get head(): HttpHead | null {
    return this.#lines?.head ?? null;
  }

  get status(): number {
    return this.#status;
  }

  get refusal(): number | null {
    return this.#status >= 400 ? this.#status : null;
  }

  get persistent(): boolean {
    return this.#missing === 0 && this.#keepsConnection;
  }

  feed(bytes: Buffer): Progress {
    let at = this.#fresh ? this.#recognise(bytes) : 0;
    const mayLearn = this.#fresh && at === 0;
    this.#fresh = false;
    while (at < bytes.length && !this.#over) {
      if (this.#missing > 0) {
        at = this.#skip(bytes, at);
      } else {
        const from = at;
        const inHead = this.#part === "status" || this.#part === "field";
        at = this.#readLine(bytes, at);
        if (inHead) this.headBytes += at - from;
        if (mayLearn && this.#announced !== null) this.#learn(bytes.subarray(0, at));
      }
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

  /** Skips a known head, and returns where it ends; 0 when the head is not known. */
  #recognise(bytes: Buffer): number {
    const at = this.#known.beginning(bytes);
    if (at === 0) return 0;
    const { status, keepsConnection, length } = this.#known.meaning;
    this.#status = status;
    this.#keepsConnection = keepsConnection;
    this.#missing = length;
    this.#part = length === 0 ? "whole" : "body";
    this.headBytes = at;
    return at;
  }

  /** Remembers the bytes from the beginning of a response to the end of its head. */
  #learn(head: Buffer): void {
    const length = this.#announced ?? 0;
    this.#known.learn(head, { status: this.#status, keepsConnection: this.#keepsConnection, length });
    this.#announced = null;
  }

  #skip(bytes: Buffer, at: number): number {
    const count = Math.min(bytes.length - at, this.#missing);
    this.#missing -= count;
    this.contentBytes += count;
    this.onContent?.(bytes.subarray(at, at + count));
    if (this.#missing === 0) this.#part = this.#part === "chunk" ? "chunk-end" : "whole";
    return at + count;
  }

  #readLine(bytes: Buffer, at: number): number {
    this.#lines ??= { line: new LineReader(LINE_MOST), head: new HttpHead() };
    const { line: reader, head } = this.#lines;
    const after = reader.read(bytes, at);
    if (this.#part === "status" && !reader.mayBegin(BEGINNING)) {
      this.#part = this.#odd("not-http");
      return bytes.length;
    }
    if (reader.tooLong) {
      this.#part = this.#odd("line-too-long");
      return bytes.length;
    }
    if (after === -1) return bytes.length;
    // Between chunks, an LF without CR does not end a line: it can be data of a chunk that is longer than its size (section 7.1).
    if ((this.#part === "chunk-size" || this.#part === "chunk-end") && !reader.endsInCr) {
      this.#part = this.#odd("bad-chunk");
      return after;
    }
    const line = reader.take();
    this.#linesLength += line.length;
    this.#part = this.#linesLength > LINES_MOST ? this.#odd("head-too-long") : this.#afterLine(line, head);
    return after;
  }

  #afterLine(line: string, head: HttpHead): Part {
    switch (this.#part) {
      case "status":
        return head.readStatus(line) ? "field" : this.#odd("not-http");
      case "field":
        if (!head.readField(line)) return this.#odd("bad-head");
        return line === "" ? this.#afterHead(head) : "field";
      case "chunk-size":
        return this.#afterChunkSize(line);
      case "chunk-end":
        return line === "" ? "chunk-size" : this.#odd("bad-chunk");
      case "trailer":
        // The framing is decided by the fields of the head; in a trailer such fields have no meaning (RFC 9110 section 6.5.1).
        if (!head.readField(line)) return this.#odd("bad-head");
        return line === "" ? "whole" : "trailer";
      case "body":
      case "chunk":
      case "whole":
      case "unexpected":
        return "unexpected";
    }
  }

  #odd(why: Oddity): "unexpected" {
    this.oddity = why;
    return "unexpected";
  }

  #afterHead(head: HttpHead): Part {
    this.#status = head.status;
    this.#keepsConnection = head.keepsConnection;
    // 101 switches the connection to another protocol, and no client here asks for that.
    if (head.status === 101) return this.#odd("upgraded");
    if (head.interim) return "status";
    const end = head.bodyEnd(this.#method);
    if (end === null) return this.#odd("bad-head");
    if (end.by === "chunks") return "chunk-size";
    this.#missing = end.by === "close" ? Infinity : end.bytes;
    if (end.by === "length") this.#announced = end.bytes;
    return this.#missing === 0 ? "whole" : "body";
  }

  #afterChunkSize(line: string): Part {
    const size = CHUNK_SIZE.exec(line)?.[1];
    if (size === undefined) return this.#odd("bad-chunk");
    // The number of chunks is not limited; only the trailers after the last chunk have a limit again.
    this.#linesLength = 0;
    this.#missing = Number.parseInt(size, 16);
    return this.#missing === 0 ? "trailer" : "chunk";
  }
}
