import type { Method } from "../../harness/load/method.ts";

/** RFC 9112 section 3. */
const REQUEST_LINE = /^([A-Z]+) \S+ HTTP\/1\.[01]\r?$/;
/** The longest part of a line that is kept. */
const LINE_MOST = 65_536;

/** Finds the requests in what a connection sends, because the length of an answer depends on the method of its request. */
export class Asked {
  readonly #methods: string[] = [];
  #line = "";

  /** Takes the next bytes that are sent, one a character. A line of a body that looks like a request line counts as one. */
  sent(latin1: string): void {
    const lines = (this.#line + latin1).split("\n");
    this.#line = (lines.pop() ?? "").slice(-LINE_MOST);
    for (const line of lines) {
      const method = REQUEST_LINE.exec(line)?.[1];
      if (method !== undefined) this.#methods.push(method);
    }
  }

  /** The method to which the next answer belongs, as far as framing needs it. */
  next(): Method {
    return this.#methods.shift() === "HEAD" ? "HEAD" : "GET";
  }
}
