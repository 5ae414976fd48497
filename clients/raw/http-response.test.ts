import fc from "fast-check";
import { expect, test } from "vitest";
import { HttpResponse } from "./http-response.ts";
import { KnownHead } from "./known-head.ts";

interface Reading {
  result: "whole" | "truncated" | "unexpected";
  /** The number of bytes that belonged to the response. */
  used: number;
  status: number;
  persistent: boolean;
}

/** Feeds the pieces as a connection does: until the response is over, or to their end and then the peer's FIN. */
function read(pieces: Buffer[], method: "GET" | "HEAD" = "GET", known = new KnownHead()): Reading {
  const response = new HttpResponse(method, known);
  response.begin();
  let used = 0;
  for (const piece of pieces) {
    const progress = response.feed(piece);
    used += response.consumed;
    if (progress === "unexpected") return { result: progress, used: 0, status: 0, persistent: false };
    if (progress === "whole") {
      return { result: progress, used, status: response.status, persistent: response.persistent };
    }
  }
  const result = response.end();
  return { result, used, status: response.status, persistent: result === "whole" && response.persistent };
}

const readText = (text: string, method: "GET" | "HEAD" = "GET"): Reading =>
  read([Buffer.from(text, "latin1")], method);

/** Cuts bytes at the given places. */
function cut(bytes: Buffer, places: number[]): Buffer[] {
  const at = [...new Set(places.map((place) => place % (bytes.length + 1)))].toSorted((a, b) => a - b);
  return [...at, bytes.length].map((end, index) => bytes.subarray(at[index - 1] ?? 0, end));
}

const places = fc.array(fc.nat(5000), { maxLength: 20 });
const body = fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes).toString("latin1"));
const interim = fc.constantFrom(
  "",
  "HTTP/1.1 100 Continue\r\n\r\n",
  "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n",
);
const fields = fc.array(
  fc.constantFrom("Server: x", "Date: now", "X-Empty:", "Set-Cookie: a=b; c", "Folded: a\r\n\tb"),
  {
    maxLength: 4,
  },
);

function head(status: number, lines: string[]): string {
  return [`HTTP/1.1 ${status} OK`, ...lines, "", ""].join("\r\n");
}

function chunked(parts: string[], trailers: string): string {
  const chunks = parts.map((part) => `${part.length.toString(16)};x=y\r\n${part}\r\n`);
  return `${chunks.join("")}0\r\n${trailers}\r\n`;
}

/** Responses whose end is known without the end of the connection. */
const delimited = fc.oneof(
  fc
    .tuple(interim, fields, body)
    .map(([first, lines, text]) => first + head(200, [...lines, `Content-Length: ${text.length}`]) + text),
  fc
    .tuple(
      interim,
      fields,
      fc.array(body.filter((text) => text !== "")),
      fc.constantFrom("", "Trailer: t\r\n"),
    )
    .map(
      ([first, lines, parts, trailers]) =>
        first + head(200, [...lines, "transfer-encoding: gzip, Chunked"]) + chunked(parts, trailers),
    ),
  fc
    .tuple(fc.constantFrom(204, 304), fields)
    .map(([status, lines]) => head(status, [...lines, "Content-Length: 9"])),
);

test("a response with a known end is whole at that end, however it is cut, and later bytes are left", () => {
  fc.assert(
    fc.property(delimited, body, places, (text, more, at) => {
      const bytes = Buffer.from(text + more, "latin1");
      const reading = read(cut(bytes, at));
      expect(reading.result).toBe("whole");
      expect(reading.used).toBe(text.length);
      expect(reading.persistent).toBe(true);
    }),
  );
});

test("any beginning of such a response is truncated", () => {
  fc.assert(
    fc.property(delimited, fc.nat(), places, (text, length, at) => {
      const part = Buffer.from(text, "latin1").subarray(0, length % text.length);
      expect(read(cut(part, at)).result).toBe("truncated");
    }),
  );
});

test("any beginning of a head is truncated, also if the response ends with its connection or answers HEAD", () => {
  fc.assert(
    fc.property(
      interim,
      fields,
      fc.constantFrom("GET", "HEAD"),
      fc.nat(),
      places,
      (first, lines, ...more) => {
        const [method, length, at] = more;
        const bytes = Buffer.from(first + head(200, lines), "latin1");
        expect(read(cut(bytes.subarray(0, length % bytes.length), at), method).result).toBe("truncated");
      },
    ),
  );
});

test("an answer to HEAD ends with its head, and later bytes are left", () => {
  fc.assert(
    fc.property(interim, fields, delimited, places, (first, lines, more, at) => {
      const text = first + head(200, [...lines, "Content-Length: 9"]);
      const reading = read(cut(Buffer.from(text + more, "latin1"), at), "HEAD");
      expect(reading).toEqual({ result: "whole", used: text.length, status: 200, persistent: true });
    }),
  );
});

test("a response without a length ends with the connection, which is not used again", () => {
  fc.assert(
    fc.property(fields, body, places, (lines, text, at) => {
      const bytes = Buffer.from(head(200, lines) + text, "latin1");
      expect(read(cut(bytes, at))).toEqual({
        result: "whole",
        used: bytes.length,
        status: 200,
        persistent: false,
      });
    }),
  );
});

test("several responses in one stream are read one after another", () => {
  fc.assert(
    fc.property(fc.array(delimited, { minLength: 2, maxLength: 5 }), places, (texts, at) => {
      const response = new HttpResponse("GET");
      response.begin();
      let whole = 0;
      for (const piece of cut(Buffer.from(texts.join(""), "latin1"), at)) {
        for (let rest = piece; rest.length > 0; rest = rest.subarray(response.consumed)) {
          const progress = response.feed(rest);
          expect(progress).not.toBe("unexpected");
          expect(response.consumed).toBeGreaterThan(0);
          if (progress === "whole") {
            whole += 1;
            response.begin();
          }
        }
      }
      expect(whole).toBe(texts.length);
    }),
  );
});

test("any bytes give one of three results, the same for every cut", () => {
  const nearly = fc
    .array(
      fc.oneof(
        fc.constantFrom(
          "HTTP/1.1 200 OK\r\n",
          "HTTP/1.",
          "Content-Length: 3\r\n",
          "\r\n",
          "\n",
          ":",
          "ffffffffffffff\r\n",
          "5\r\n",
        ),
        fc.constantFrom(
          "Transfer-Encoding: chunked\r\n",
          " folded\r\n",
          "HTTP/1.1 100 Continue\r\n\r\n",
          "0\r\n",
          "\0",
          "é",
        ),
        body,
      ),
      { maxLength: 12 },
    )
    .map((parts) => parts.join(""));
  fc.assert(
    fc.property(fc.oneof(nearly, body), places, (text, at) => {
      const bytes = Buffer.from(text, "latin1");
      expect(read(cut(bytes, at))).toEqual(read([bytes]));
    }),
    { numRuns: 1000 },
  );
});

test("bytes that do not begin like HTTP are unexpected before their line ends", () => {
  fc.assert(
    fc.property(
      fc
        .uint8Array({ minLength: 7 })
        .filter((bytes) => Buffer.from(bytes).toString("latin1", 0, 7) !== "HTTP/1."),
      places,
      (bytes, at) => {
        expect(read(cut(Buffer.from(bytes), at)).result).toBe("unexpected");
      },
    ),
  );
});

test.each([
  ["an unknown version", "HTTP/1.2 200 OK\r\n\r\n"],
  ["a status of two digits", "HTTP/1.1 20 OK\r\n\r\n"],
  ["a field without a colon", "HTTP/1.1 200 OK\r\nnonsense\r\n\r\n"],
  ["a space before the colon", "HTTP/1.1 200 OK\r\nContent-Length : 3\r\n\r\nabc"],
  ["a folded line with nothing before it", "HTTP/1.1 200 OK\r\n folded\r\n\r\n"],
  ["a length that is no number", "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n"],
  ["an empty length", "HTTP/1.1 200 OK\r\nContent-Length:\r\n\r\n"],
  ["a length with a non-breaking space", "HTTP/1.1 200 OK\r\nContent-Length: 3\xa0\r\n\r\nabc"],
  ["two lengths that differ", "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd"],
  ["a chunk size that is no number", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n"],
  [
    "a chunk longer than its size",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabcd\r\n0\r\n\r\n",
  ],
  [
    "a chunk that ends with LF alone",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nab\r\n\n0\r\n\r\n",
  ],
  ["a trailer without a colon", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nnonsense\r\n\r\n"],
  [
    "a folded line with no trailer before it",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n folded\r\n\r\n",
  ],
  ["a change of protocol", "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n"],
  ["a line that never ends", `HTTP/1.1 200 OK\r\nX: ${"x".repeat(20_000)}`],
  ["a head that never ends", `HTTP/1.1 200 OK\r\n${`X: ${"x".repeat(1000)}\r\n`.repeat(70)}`],
  ["interim responses that never end", "HTTP/1.1 100 Continue\r\n\r\n".repeat(4000)],
])("%s is unexpected", (_, text) => {
  expect(readText(text).result).toBe("unexpected");
});

test("an answer to HEAD has no body, whatever its head says", () => {
  expect(readText("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n", "HEAD")).toMatchObject({
    result: "whole",
    persistent: true,
  });
  expect(readText("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", "HEAD").result).toBe("whole");
});

test("equal lengths are one length, and a coding overrides it", () => {
  expect(readText("HTTP/1.1 200 OK\r\nContent-Length: 3, 3\r\n\r\nabc").result).toBe("whole");
  const both =
    "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n";
  expect(readText(`${both}more`)).toMatchObject({ result: "whole", used: both.length });
});

test("a trailer may be folded, and its length and connection fields are ignored", () => {
  const text =
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nX: a\r\n b\r\nContent-Length: 3\r\nConnection: close\r\n\r\n";
  expect(readText(`${text}abc`)).toMatchObject({ result: "whole", used: text.length, persistent: true });
});

test("lines may end with LF alone, and the reason may be missing", () => {
  expect(readText("HTTP/1.1 200\nContent-Length: 3\n\nabc")).toMatchObject({ result: "whole", status: 200 });
});

test("a response with close does not keep the connection, nor does HTTP/1.0 without keep-alive", () => {
  const keeps = (text: string): boolean => readText(text).persistent;
  expect(keeps("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")).toBe(true);
  expect(keeps("HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: foo, Close\r\n\r\n")).toBe(false);
  expect(keeps("HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n")).toBe(false);
  expect(keeps("HTTP/1.0 200 OK\r\nContent-Length: 0\r\nConnection: Keep-Alive\r\n\r\n")).toBe(true);
});

test("a status of 400 or above refuses the request, but the response is whole", () => {
  const refusal = (status: number): number | null => {
    const response = new HttpResponse("GET");
    response.begin();
    expect(response.feed(Buffer.from(`HTTP/1.1 ${status} X\r\nContent-Length: 0\r\n\r\n`))).toBe("whole");
    return response.refusal;
  };
  expect([200, 302, 399, 400, 404, 503].map(refusal)).toEqual([null, null, null, 400, 404, 503]);
});

test("no bytes at all are a truncated response", () => {
  expect(read([]).result).toBe("truncated");
});

/** Responses from few heads and bodies, so that one often begins another, or differs only in its end. */
const alike = fc
  .tuple(
    fc.constantFrom("", "HTTP/1.1 100 Continue\r\n\r\n"),
    fc.constantFrom(200, 204, 503),
    fc.constantFrom("", "Connection: close\r\n", "Transfer-Encoding: chunked\r\n", "Content-Length: 2\r\n"),
    fc.constantFrom("Content-Length: 2\r\n", "Content-Length: 3\r\n", ""),
    fc.constantFrom("", "ab", "abc", "0\r\n\r\n"),
  )
  .map(([first, status, field, length, text]) =>
    Buffer.from(`${first}HTTP/1.1 ${status} OK\r\n${field}${length}\r\n${text}`, "latin1"),
  );

test("a known head gives the same result as an unknown one", () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(alike, places), { maxLength: 20 }), (responses) => {
      const known = new KnownHead();
      for (const [bytes, at] of responses) {
        for (const pieces of [[bytes], cut(bytes, at)]) {
          expect(read(pieces, "GET", known)).toEqual(read(pieces));
        }
      }
    }),
  );
});

test("a head is recognised only when all its bytes are the same", () => {
  const known = new KnownHead();
  const answer = (date: string, text: string): Buffer =>
    Buffer.from(`HTTP/1.1 200 OK\r\nDate: ${date}\r\nContent-Length: 2\r\n\r\n${text}`);
  const headLength = answer("now", "").length;
  expect(known.beginning(answer("now", "ab"))).toBe(0);
  read([answer("now", "ab")], "GET", known);
  expect(known.meaning).toEqual({ status: 200, keepsConnection: true, length: 2 });
  expect(known.beginning(answer("now", "cd"))).toBe(headLength);
  expect(known.beginning(answer("now", "").subarray(0, -1))).toBe(0);
  expect(known.beginning(answer("new", "ab"))).toBe(0);
  read([answer("new", "ab")], "GET", known);
  expect(known.beginning(answer("new", "ab"))).toBe(headLength);
});

test("a head is not learned if it came in pieces, is too long, or has no length for its body", () => {
  const known = new KnownHead();
  const whole = Buffer.from("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nab");
  read([whole.subarray(0, 20), whole.subarray(20)], "GET", known);
  read([Buffer.from("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n")], "GET", known);
  read([Buffer.from("HTTP/1.1 200 OK\r\n\r\n")], "GET", known);
  expect(known.beginning(whole)).toBe(0);
  const long = Buffer.from(`HTTP/1.1 200 OK\r\nX: ${"x".repeat(5000)}\r\nContent-Length: 0\r\n\r\n`);
  read([long], "GET", known);
  expect(known.beginning(long)).toBe(0);
});
