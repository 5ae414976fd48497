import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { http } from "./http.ts";
import { readOptions } from "../load/options.ts";

/** The requests for given flags: an ordinary one, and the last one of a connection. */
function requests(...flags: string[]): [string, string] {
  const asked = readOptions(["--to", "[::1]:80", "--attempts", "1", ...flags], {
    keepOpen: true,
    flags: http.flags,
  });
  if (asked === "help") throw new Error("nobody asked for help");
  const protocol = http.protocol(asked.plan, asked.said);
  return [protocol.request(1, false).toString("latin1"), protocol.request(1, true).toString("latin1")];
}

test("a request asks for / at the given address, and asks for a close only if the server should close", () => {
  const plain = "GET / HTTP/1.1\r\nHost: [::1]:80\r\n\r\n";
  expect(requests()).toEqual([plain, plain]);
  expect(requests("--close", "server")).toEqual([
    plain,
    "GET / HTTP/1.1\r\nHost: [::1]:80\r\nConnection: close\r\n\r\n",
  ]);
});

test("path, host, method and headers can be given", () => {
  const flags = ["--path", "/a?b=%20c", "--host", "shop.example", "--method", "HEAD"];
  expect(requests(...flags, "--header", "X-A: 1", "--header", "x-b:")[0]).toBe(
    "HEAD /a?b=%20c HTTP/1.1\r\nHost: shop.example\r\nX-A: 1\r\nx-b:\r\n\r\n",
  );
  expect(requests("--host", "")[0]).toBe("GET / HTTP/1.1\r\nHost: \r\n\r\n");
});

test("a Host header replaces that of the address or of --host, and stays the first", () => {
  const head = "GET / HTTP/1.1\r\nHost: x\r\nA: b\r\n\r\n";
  expect(requests("--header", "A: b", "--header", "Host: x")[0]).toBe(head);
  expect(requests("--host", "shop.example", "--header", "A: b", "--header", "HOST:x")[0]).toBe(head);
});

test("a body is a file's, with its length; the method is POST unless another is given", () => {
  const body = readFileSync(import.meta.filename, "latin1");
  const head = `Content-Length: ${body.length}\r\n\r\n${body}`;
  expect(requests("--body", import.meta.filename)[0]).toBe(
    `POST / HTTP/1.1\r\nHost: [::1]:80\r\nContent-Type: application/octet-stream\r\n${head}`,
  );
  const typed = ["--header", "content-type: text/plain", "--method", "PUT"];
  expect(requests("--body", import.meta.filename, ...typed)[0]).toBe(
    `PUT / HTTP/1.1\r\nHost: [::1]:80\r\ncontent-type: text/plain\r\n${head}`,
  );
  expect(requests("--method", "POST")[0]).toBe(
    "POST / HTTP/1.1\r\nHost: [::1]:80\r\nContent-Length: 0\r\n\r\n",
  );
});

test.each([
  [["--path", "a"], /^--path takes a path/],
  [["--path", "/a b"], /^--path takes a path/],
  [["--path", "/a\r\nX: y"], /^--path takes a path/],
  [["--host", "a\r\nX: y"], /^--host takes a name/],
  [["--host", "a", "--host", "b"], /^--host can be given only once$/],
  [["--method", "FETCH"], /^--method takes one of GET, HEAD, POST, PUT, PATCH, DELETE, not "FETCH"$/],
  [["--body", "/nowhere/body"], /^--body: there is no file \/nowhere\/body$/],
  [["--body", "/dev/zero"], /^--body takes a regular file, and \/dev\/zero is none$/],
  [
    ["--body", import.meta.filename, "--method", "GET"],
    /^--body is for POST, PUT, PATCH: a GET request has no body/,
  ],
  [["--header", "nothing"], /^--header takes 'Name: value'/],
  [["--header", "A: b\r\nC: d"], /^--header takes 'Name: value'/],
  [["--header", " A: b"], /^--header takes 'Name: value'/],
  [["--header", "Host: a", "--header", "host: b"], /^--header Host can be given only once$/],
  [["--header", "Host: a b"], /^--header Host takes a name or an address, not "a b"$/],
  [["--header", "Content-Length: 1"], /^--header Content-Length: the client sets this header itself/],
  [["--header", "CONNECTION: close"], /^--header CONNECTION: the client sets this header itself/],
])("%j is refused in one sentence", (flags, sentence) => {
  expect(() => requests(...flags)).toThrow(sentence);
});
