import { describe, expect, test } from "vitest";
import { requestLine, requestsOf } from "./requests.ts";

describe("a request", () => {
  test.each([
    ["GET /health", "GET /health"],
    ["/health", "GET /health"],
    ["post  /orders?draft=1", "POST /orders?draft=1"],
  ])("%s", (text, line) => {
    expect(requestLine(text)).toBe(line);
  });

  test.each(["health", "GET health", "GET http://server/", "GET /a b", "GET /\\r\\nX: y", "GET /\u00e9", ""])(
    "is not %j",
    (text) => {
      expect(() => requestLine(text)).toThrow(/A request is a method and a path/);
    },
  );

  test("of HEAD has an answer whose end cannot be known", () => {
    expect(() => requestLine("HEAD /")).toThrow(/not HEAD/);
  });

  test("with a body says that it is empty", () => {
    const { request, lastRequest } = requestsOf({ http: "POST /orders" }, 8080);
    expect(request).toMatch(
      /^POST \/orders HTTP\/1\.1\\r\\nHost: server:8080\\r\\n.*Content-Length: 0\\r\\nConnection: keep-alive\\r\\n\\r\\n$/,
    );
    expect(lastRequest).toMatch(/Content-Length: 0\\r\\nConnection: close\\r\\n\\r\\n$/);
    expect(requestsOf({ http: "GET /" }, 8080).request).not.toContain("Content-Length");
  });
});
