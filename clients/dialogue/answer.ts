import { crc32 } from "node:zlib";
import type { Method } from "../../harness/load/method.ts";
import { HttpResponse } from "../raw/http-response.ts";
import type { Inbox } from "./inbox.ts";
import type { Fields } from "./told.ts";

/** Reads one HTTP answer from what has come, interim answers included. */
export class Answer {
  readonly #reader: HttpResponse;
  #taken = 0;
  #isWhole = false;
  #crc32 = 0;

  /** `method`: of the request that is answered. */
  constructor(method: Method) {
    this.#reader = new HttpResponse(method);
    this.#reader.begin();
    this.#reader.onContent = (piece) => (this.#crc32 = crc32(piece, this.#crc32));
  }

  /** Whether no byte of it has come. */
  get isEmpty(): boolean {
    return this.#taken === 0;
  }

  /**
   * Takes what has come, up to the end of the answer; what follows stays in the inbox. Returns `ok` for a whole answer, what is wrong
   * with its bytes, or null when more must come.
   */
  read(inbox: Inbox): string | null {
    for (let piece = inbox.take(); piece !== null; piece = inbox.take()) {
      const progress = this.#reader.feed(piece);
      this.#taken += this.#reader.consumed;
      if (progress === "more") continue;
      inbox.putBack(piece.subarray(this.#reader.consumed));
      // After 101 the connection carries another protocol, and the head is the whole answer.
      this.#isWhole = progress === "whole" || this.#reader.oddity === "upgraded";
      return this.#isWhole ? "ok" : this.#reader.oddity;
    }
    return null;
  }

  /** Takes the other end's FIN: it can be the end of the answer. */
  finish(): "ok" | "truncated" | "empty" {
    if (this.isEmpty) return "empty";
    this.#isWhole = this.#reader.end() === "whole";
    return this.#isWhole ? "ok" : "truncated";
  }

  /** What is known of it so far. */
  get fields(): Fields {
    const { head, headBytes, contentBytes, status, persistent } = this.#reader;
    const hasStatus = status > 0;
    return {
      status: hasStatus ? status : null,
      version: hasStatus && head !== null ? head.version : null,
      bytes: this.#taken,
      headBytes,
      bodyBytes: contentBytes,
      bodyCrc32: this.#crc32,
      connectionField: head?.connection ?? null,
      keepAliveSeconds: head?.keepAliveSeconds ?? null,
      persistent: this.#isWhole && status !== 101 && persistent,
      complete: this.#isWhole,
    };
  }
}
