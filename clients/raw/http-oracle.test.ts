import fc from "fast-check";
import { expect, test } from "vitest";
import { readByNode } from "../fixture/node-parser.fixture.ts";
import type { Reading } from "../fixture/node-parser.fixture.ts";
import { HttpResponse } from "./http-response.ts";

type Method = "GET" | "HEAD";

/** What our own reader makes of bytes and the peer's FIN, and how many of them are the response. */
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
  /** Which texts it concerns. */
  fits: RegExp;
  /** One of them, and what we make of it. */
  text: string;
  ours: Reading["result"];
}

/** Where Node's parser reads otherwise than ours does, and than we want it to. */
const DIFFERENCES: Difference[] = [
  {
    because: "a line may end in LF alone (RFC 9112 section 2.2), which Node refuses",
    fits: /(?:^|[^\r])\n/,
    text: "HTTP/1.1 200 OK\nContent-Length: 0\n\n",
    ours: "whole",
  },
  {
    because: "a CR alone is no part of a line (section 2.2); Node ends a status line with it",
    fits: /\r(?!\n|$)/,
    text: "HTTP/1.1 200 OK\rContent-Length: 0\r\n\r\n",
    ours: "unexpected",
  },
  {
    because: "a reason has no control characters (section 4), which Node does not look at",
    fits: /HTTP\/1\.\d \d{3}[^\r]*\0/,
    text: "HTTP/1.1 200 O\0K\r\nContent-Length: 0\r\n\r\n",
    ours: "unexpected",
  },
  {
    because: "what stands between two messages is no part of either; Node reads over empty lines",
    fits: /^\r\n|\r\n\r\n(?:\r\n)+(?:H|$)/,
    text: "\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
    ours: "unexpected",
  },
  {
    because: "a field may be folded (section 5.2), for Node only some fields",
    fits: /\r\n[\t ]/,
    text: "HTTP/1.1 200 OK\r\nContent-Length:\r\n 0\r\n\r\n",
    ours: "whole",
  },
  {
    because: "this is a reader of HTTP/1, and Node's one of other versions too",
    fits: /HTTP\/(?!1|$)/,
    text: "HTTP/2.0 200 OK\r\nContent-Length: 0\r\n\r\n",
    ours: "unexpected",
  },
  {
    because: "a status is from 100 (RFC 9110 section 15), for Node from 0",
    fits: /HTTP\/1\.\d 0/,
    text: "HTTP/1.1 099 X\r\nContent-Length: 0\r\n\r\n",
    ours: "unexpected",
  },
  {
    because: "nobody asked for another protocol; Node reads 101 as an ordinary answer, or upgrades",
    fits: /HTTP\/1\.\d 101/,
    text: "HTTP/1.1 101 X\r\n\r\n",
    ours: "unexpected",
  },
  {
    because:
      "a coding in HTTP/1.0 is a fault of framing, which the connection must not survive (section 6.1)",
    fits: /HTTP\/1\.0 [^]*transfer-encoding:/i,
    text: "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\nConnection: keep-alive\r\n\r\n0\r\n\r\n",
    ours: "whole",
  },
  {
    because:
      "an interim response ends with its head; Node takes the connection to end with it that it does not keep",
    fits: /HTTP\/1\.(?:0 1|1 1[^\n]*\n(?:[^\r]+\r\n)*connection:)/i,
    text: "HTTP/1.0 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
    ours: "whole",
  },
  {
    because:
      "an empty member of a list is none (RFC 9110 section 5.6.1.2), for Node another coding or a fault",
    fits: /transfer-encoding:(?:[^\r]*,)?[\t ]*\r/i,
    text: "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked,\r\n\r\n0\r\n\r\nmore",
    ours: "whole",
  },
  {
    because:
      "what follows a chunk's size is read over (RFC 9112 section 7.1.1), while Node looks at its grammar",
    fits: /\n[\da-f]+(?:[\t ]|;(?!x=y\r))/i,
    text: "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3 ;,\r\nabc\r\n0\r\n\r\n",
    ours: "whole",
  },
  {
    because: "without a body no length matters (section 6.3), while Node refuses one that is none",
    fits: /content-length:(?![\t ]*\d{1,15}[\t ]*\r)/i,
    text: "HTTP/1.1 204 No Content\r\nContent-Length: x\r\n\r\n",
    ours: "whole",
  },
  {
    because: "equal lengths may be taken for one (section 6.3), which Node refuses",
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
/** Responses, most of them right. */
const response = fc
  .tuple(interim, beginning, fields, fc.array(part, { maxLength: 4 }))
  .map(([first, line, lines, parts]) => {
    const head = [line, ...lines.filter((field) => field !== ""), "", ""].join("\r\n");
    return first + head + parts.join("");
  });

/** Something that happens to a text at a place: the rest is cut off, or so much of it is left out, said twice, or overwritten. */
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

test("a response, whole or damaged, is read as Node's own client reads it, to the byte", async () => {
  const seen = { whole: 0, truncated: 0, unexpected: 0 };
  const compare = async (text: string, method: Method): Promise<number> => {
    const { used, ...ours } = readByUs(text, method);
    const node = await readByNode([Buffer.from(text, "latin1")], method);
    // What is wrong with a line we say when the line ends.
    const tooEarly = ours.result === "truncated" && node.result === "unexpected";
    const result = tooEarly ? readByUs(`${text}\r\n`, method).result : ours.result;
    // An answer to HEAD ends with its head; of one that says no length Node believes that the connection ends it. And what is left
    // over breaks the connection, for later Nodes at once.
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
      // What is the response is enough for it, and less is not.
      await compare(text.slice(0, used), method);
      await compare(text.slice(0, used - 1), method);
    }),
    { numRuns: 500 },
  );
  for (const count of Object.values(seen)) expect(count).toBeGreaterThan(30);
});
