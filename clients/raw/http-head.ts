import type { Method } from "../../harness/load/method.ts";

/** How the body of a response ends (RFC 9112 section 6.3): after a number of bytes, with its last chunk, or with the connection. */
export type BodyEnd = { by: "length"; bytes: number } | { by: "chunks" } | { by: "close" };

/** The part of a response's head that is needed to find the end of the response. It takes the lines of the head one by one. */
export class HttpHead {
  status = 0;
  #minor = 0;
  #lengths: string[] = [];
  #codings: string[] = [];
  #connection: string[] = [];
  #keepAlive: string[] = [];
  /** The last field. It is kept here until the next line shows that it is not folded (section 5.2). */
  #field = "";

  /** Takes the status line. False when the line is no status line. */
  readStatus(line: string): boolean {
    const match = STATUS_LINE.exec(line);
    if (match === null) return false;
    this.#minor = Number(match[1]);
    this.status = Number(match[2]);
    this.#lengths = [];
    this.#codings = [];
    this.#connection = [];
    this.#keepAlive = [];
    this.#field = "";
    return true;
  }

  /** Takes a field line, or the empty line that ends the head. False when it is neither. */
  readField(line: string): boolean {
    if (line.startsWith(" ") || line.startsWith("\t")) {
      if (this.#field === "" || CONTROLS.test(line)) return false;
      this.#field += ` ${trimmed(line)}`;
      return true;
    }
    this.#keepField();
    if (line !== "" && !isFieldLine(line)) return false;
    this.#field = line;
    return true;
  }

  /** Whether this is an interim response; the final response follows it (RFC 9110 section 15.2). */
  get interim(): boolean {
    return this.status >= 100 && this.status < 200;
  }

  /** How the body ends; call it after the whole head. Null when the head contradicts itself. */
  bodyEnd(method: Method): BodyEnd | null {
    if (method === "HEAD" || this.status === 204 || this.status === 304) return { by: "length", bytes: 0 };
    if (this.#codings.length > 0) return { by: this.#codings.at(-1) === "chunked" ? "chunks" : "close" };
    const [length, ...others] = this.#lengths;
    if (length === undefined) return { by: "close" };
    if (!LENGTH.test(length) || others.some((other) => other !== length)) return null;
    return { by: "length", bytes: Number(length) };
  }

  /** Whether the connection stays open after the response (RFC 9112 section 9.3), unless the body ends with the connection. */
  get keepsConnection(): boolean {
    if (this.#connection.includes("close")) return false;
    // A transfer coding in an HTTP/1.0 message is a framing error, and the rest of the connection cannot be trusted (section 6.1).
    return this.#minor === 1 || (this.#connection.includes("keep-alive") && this.#codings.length === 0);
  }

  /** The version of the response: `1.0` or `1.1`. */
  get version(): string {
    return `1.${this.#minor}`;
  }

  /** The option of `Connection` that concerns the connection's life; null when there is none. */
  get connection(): "close" | "keep-alive" | null {
    if (this.#connection.includes("close")) return "close";
    return this.#connection.includes("keep-alive") ? "keep-alive" : null;
  }

  /** The seconds in `Keep-Alive: timeout=N` (RFC 2068 section 19.7.1.1 has the field); null when there are none. */
  get keepAliveSeconds(): number | null {
    const seconds = this.#keepAlive.map((one) => TIMEOUT.exec(one)?.[1]).find((one) => one !== undefined);
    return seconds === undefined ? null : Number(seconds);
  }

  #keepField(): void {
    const colon = this.#field.indexOf(":");
    switch (this.#field.slice(0, colon).toLowerCase()) {
      case "content-length":
        return void this.#lengths.push(...values(this.#field, colon));
      case "transfer-encoding":
        return void this.#codings.push(...values(this.#field, colon).filter(isSaid));
      case "connection":
        return void this.#connection.push(...values(this.#field, colon).filter(isSaid));
      case "keep-alive":
        return void this.#keepAlive.push(...values(this.#field, colon));
    }
  }
}

/** Section 4. The reason phrase can be empty, and some servers then omit the space before it. */
const STATUS_LINE = /^HTTP\/1\.([01]) ([1-9]\d\d)(?: [\t\x20-\x7e\x80-\xff]*)?$/;
/** Section 5, and the characters of a token (RFC 9110 section 5.6.2). */
const FIELD_LINE = /^[!#$%&'*+\-.^_`|~\dA-Za-z]+:[\t\x20-\x7e\x80-\xff]*$/;
const CONTROLS = /[^\t\x20-\x7e\x80-\xff]/;
/** A number of fifteen digits is up to a petabyte, and exact in a double. */
const LENGTH = /^\d{1,15}$/;
/** The parameter of the field Keep-Alive, with or without quotes. */
const TIMEOUT = /^timeout[\t ]*=[\t ]*"?(\d{1,9})"?$/;

/** Whether a line is a whole field (`Name: value`), not part of a folded one. */
export function isFieldLine(line: string): boolean {
  return FIELD_LINE.test(line);
}

/** The members of the list after a field's colon (RFC 9110 section 5.6.1), in lower case. */
function values(field: string, colon: number): string[] {
  return field
    .slice(colon + 1)
    .toLowerCase()
    .split(",")
    .map(trimmed);
}

/** Empty members of a list are ignored (RFC 9110 section 5.6.1.2). */
function isSaid(member: string): boolean {
  return member !== "";
}

/** A text without the spaces and tabs around it. Only these are white space (RFC 9110 section 5.6.3); `trim` would remove more. */
function trimmed(text: string): string {
  let [from, to] = [0, text.length];
  while (isBlank(text, from)) from += 1;
  while (to > from && isBlank(text, to - 1)) to -= 1;
  return text.slice(from, to);
}

function isBlank(text: string, at: number): boolean {
  return text[at] === " " || text[at] === "\t";
}
