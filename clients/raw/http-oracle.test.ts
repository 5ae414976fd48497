import fc from "fast-check";
import { expect, test } from "vitest";
import { readByNode } from "../fixture/node-parser.fixture.ts";
import type { Reading } from "../fixture/node-parser.fixture.ts";
import { HttpResponse } from "./http-response.ts";

type Method = "GET" | "HEAD";

/** How our own reader reads bytes and then the peer's FIN, and how many bytes belong to the response. */
function readByUs(text: string, method: Method): Reading & { used: number } {
  const response = new HttpResponse(method);
  response.begin();
  const progress = response.feed(Buffer.from(text, "latin1"));
  const result = progress === "more" ? response.end() : progress;
  if (result !== "whole") return { result, status: 0, persistent: false, used: 0 };
  return { result, status: response.status, persistent: response.persistent, used: response.consumed };
}

interface Difference {
  because: string;
  /** Matches the texts that it concerns. */
  fits: RegExp;
  /** One such text, and our result for it. */
  text: string;
  ours: Reading["result"];
}

/** The intended differences between our reader and Node's parser. */
const DIFFERENCES: Difference[] = [
  {
    because: "a line may end with LF alone (RFC 9112 section 2.2); Node refuses that",
    fits: /(?:^|[^\r])\n/,
    text: "HTTP/1.1 200 OK\nContent-Length: 0\n\n",
    ours: "whole",
  },
  {
    because: "a CR without LF is not allowed in a line (section 2.2); for Node it ends a status line",
    fits: /\r(?!\n|$)/,
    text: "HTTP/1.1 200 OK\rContent-Length: 0\r\n\r\n",
    ours: "unexpected",
  },
  {
    because: "a reason must not contain control characters (section 4); Node does not check that",
    fits: /HTTP\/1\.\d \d{3}[^\r]*\0/,
    text: "HTTP/1.1 200 O\0K\r\nContent-Length: 0\r\n\r\n",
    ours: "unexpected",
  },
  {
    because: "bytes between two messages belong to neither; Node skips empty lines",
    fits: /^\r\n|\r\n\r\n(?:\r\n)+(?:H|$)/,
    text: "\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
    ours: "unexpected",
  },
  {
    because: "any field may be folded (section 5.2); Node allows it only for some fields",
    fits: /\r\n[\t ]/,
    text: "HTTP/1.1 200 OK\r\nContent-Length:\r\n 0\r\n\r\n",
    ours: "whole",
  },
  {
    because: "our reader accepts only HTTP/1; Node's parser accepts other versions too",
    fits: /HTTP\/(?!1|$)/,
    text: "HTTP/2.0 200 OK\r\nContent-Length: 0\r\n\r\n",
    ours: "unexpected",
  },
  {
    because: "a status is at least 100 (RFC 9110 section 15); Node accepts lower ones",
    fits: /HTTP\/1\.\d 0/,
    text: "HTTP/1.1 099 X\r\nContent-Length: 0\r\n\r\n",
    ours: "unexpected",
  },
  {
    because: "the request asked for no other protocol; Node accepts 101 as an ordinary answer, or upgrades",
    fits: /HTTP\/1\.\d 101/,
    text: "HTTP/1.1 101 X\r\n\r\n",
    ours: "unexpected",
  },
  {
    because:
      "a coding in HTTP/1.0 is a framing error, and the connection must not be used again (section 6.1)",
    fits: /HTTP\/1\.0 [^]*transfer-encoding:/i,
    text: "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\nConnection: keep-alive\r\n\r\n0\r\n\r\n",
    ours: "whole",
  },
  {
    because:
      "an interim response ends with its head; for Node, one that does not keep the connection ends it",
    fits: /HTTP\/1\.(?:0 1|1 1[^\n]*\n(?:[^\r]+\r\n)*connection:)/i,
    text: "HTTP/1.0 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
    ours: "whole",
  },
  {
    because:
      "empty members of a list are ignored (RFC 9110 section 5.6.1.2); Node takes them as codings or errors",
    fits: /transfer-encoding:(?:[^\r]*,)?[\t ]*\r/i,
    text: "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked,\r\n\r\n0\r\n\r\nmore",
    ours: "whole",
  },
  {
    because: "text after the size of a chunk is ignored (RFC 9112 section 7.1.1); Node checks its grammar",
    fits: /\n[\da-f]+(?:[\t ]|;(?!x=y\r))/i,
    text: "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3 ;,\r\nabc\r\n0\r\n\r\n",
    ours: "whole",
  },
  {
    because: "without a body the length is ignored (section 6.3); Node refuses an invalid one",
    fits: /content-length:(?![\t ]*\d{1,15}[\t ]*\r)/i,
    text: "HTTP/1.1 204 No Content\r\nContent-Length: x\r\n\r\n",
    ours: "whole",
  },
  {
    because: "equal lengths may count as one length (section 6.3); Node refuses them",
    fits: /content-length:[^]*content-length:/i,
    text: "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nContent-Length: 0\r\n\r\n",
    ours: "whole",
  },
];

function mayDiffer(text: string): boolean {
  return DIFFERENCES.some(({ fits }) => fits.test(text));
}

test.each(DIFFERENCES.map((difference) => [difference.because, difference] as const))(
  "%s",
  (_, { text, ours }) => {
    expect(mayDiffer(text)).toBe(true);
    expect(readByUs(text, "GET").result).toBe(ours);
  },
);

const interim = fc.constantFrom(
  "",
  "HTTP/1.1 100 Continue\r\n\r\n",
  "HTTP/1.1 103 Early Hints\r\nLink: <a>\r\n\r\n",
);
const beginning = fc.constantFrom(
  ...["HTTP/1.1 200 OK", "HTTP/1.1 200", "HTTP/1.1 204 No Content", "HTTP/1.1 304 Not Modified"],
  ...["HTTP/1.1 404 Not Found", "HTTP/1.1 503 \x80", "HTTP/1.0 200 OK", "HTTP/1.0 204 No Content"],
);
const framing = fc.constantFrom(
  ...["", "Content-Length: 0", "content-length:\t12 ", "Content-Length: 5"],
  ...["Transfer-Encoding: chunked", "transfer-encoding: gzip ,\tChunked", "Transfer-Encoding: chunked, gzip"],
);
const connection = fc.constantFrom("", "Connection: close", "Connection: x, Close", "connection: Keep-Alive");
const other = fc.constantFrom("", "Server: x", "X-Empty:", "Content-Lengths: 7", "Date: a, b: c");
const fields = fc.tuple(framing, connection, other).chain((lines) => fc.shuffledSubarray(lines));
const part = fc.constantFrom(
  ...["5\r\nhello\r\n", "a;x=y\r\n0123456789\r\n", "0\r\n\r\n", "00\r\nT: 1\r\nU:\r\n\r\n"],
  ...["hello", "hello, world", "\r\n", "3", "HTTP/1.1 200 OK\r\n\r\n"],
);
/** Responses, most of them correct. */
const response = fc
  .tuple(interim, beginning, fields, fc.array(part, { maxLength: 4 }))
  .map(([first, line, lines, parts]) => {
    const head = [line, ...lines.filter((field) => field !== ""), "", ""].join("\r\n");
    return first + head + parts.join("");
  });

/** A damage to a text at one place: the rest is cut off, or a part is removed, doubled or overwritten. */
interface Damage {
  kind: "none" | "cut" | "drop" | "double" | "overwrite";
  at: number;
  length: number;
  by: string;
}

const damage: fc.Arbitrary<Damage> = fc.record({
  kind: fc.constantFrom<Damage["kind"]>("none", "cut", "drop", "double", "overwrite"),
  at: fc.nat(400),
  length: fc.integer({ min: 1, max: 20 }),
  by: fc.constantFrom("\r\n", "\0", ":", " ", "0", "f", "x", ",", "\xe9"),
});

function damaged([text, { kind, at, length, by }]: [string, Damage]): string {
  const from = at % (text.length + 1);
  const [before, hit, after] = [
    text.slice(0, from),
    text.slice(from, from + length),
    text.slice(from + length),
  ];
  switch (kind) {
    case "cut":
      return before;
    case "drop":
      return before + after;
    case "double":
      return before + hit + hit + after;
    case "overwrite":
      return before + by + text.slice(from + by.length);
    case "none":
      return text;
  }
}

test("our reader reads a response, whole or damaged, exactly as Node's own client does", async () => {
  const seen = { whole: 0, truncated: 0, unexpected: 0 };
  const compare = async (text: string, method: Method): Promise<number> => {
    const { used, ...ours } = readByUs(text, method);
    const node = await readByNode([Buffer.from(text, "latin1")], method);
    // Our reader reports a wrong line only at the end of the line.
    const tooEarly = ours.result === "truncated" && node.result === "unexpected";
    const result = tooEarly ? readByUs(`${text}\r\n`, method).result : ours.result;
    // Two cases are not compared. An answer to HEAD ends with its head, but Node believes that the connection ends it if it has no
    // length. Bytes after the response break the connection, in later versions of Node at once.
    const unlike = method === "HEAD" || used < text.length;
    const persistent = unlike ? node.persistent : ours.persistent;
    expect({ ...ours, result, persistent }).toEqual(node);
    seen[ours.result] += 1;
    return used;
  };
  const methods = fc.constantFrom<Method>("GET", "GET", "HEAD");
  await fc.assert(
    fc.asyncProperty(fc.tuple(response, damage).map(damaged), methods, async (text, method) => {
      fc.pre(!mayDiffer(text));
      const used = await compare(text, method);
      if (used === 0) return;
      // The bytes of the response are enough, and one byte less is not.
      await compare(text.slice(0, used), method);
      await compare(text.slice(0, used - 1), method);
    }),
    { numRuns: 500 },
  );
  for (const count of Object.values(seen)) expect(count).toBeGreaterThan(30);
});
