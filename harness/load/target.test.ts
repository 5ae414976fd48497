import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { endpoint, isLoopback, parseTarget } from "./target.ts";

describe("a URL", () => {
  test.each([
    ["http://127.0.0.1:8080/", ["http", "127.0.0.1", 8080, "/"]],
    ["http://127.0.0.1", ["http", "127.0.0.1", 80, "/"]],
    ["HTTP://LocalHost:8080/a/b?c=d#e", ["http", "localhost", 8080, "/a/b?c=d"]],
    ["https://localhost", ["https", "localhost", 443, "/"]],
    ["https://localhost:443/x", ["https", "localhost", 443, "/x"]],
    ["http://localhost:443/x", ["http", "localhost", 443, "/x"]],
    ["http://localhost/?at=:443", ["http", "localhost", 80, "/?at=:443"]],
    ["http://localhost:80", ["http", "localhost", 80, "/"]],
    ["http://[::1]:8080/", ["http", "::1", 8080, "/"]],
    ["http://[2001:db8:0:0::2]:8080/", ["http", "2001:db8::2", 8080, "/"]],
    ["tcp://[::1]:7", ["tcp", "::1", 7, "/"]],
    ["tcp://127.0.0.1:443", ["tcp", "127.0.0.1", 443, "/"]],
    // As a browser reads them.
    ["http://0x7f.1:8080/", ["http", "127.0.0.1", 8080, "/"]],
    ["tcp://[::ffff:127.0.0.1]:8080", ["tcp", "127.0.0.1", 8080, "/"]],
  ] as const)("%s", (text, [scheme, host, port, path]) => {
    expect(parseTarget(text)).toMatchObject({ scheme, host, port, path });
  });

  test.each([
    ["127.0.0.1:8080", /begins with one of http:\/\/, https:\/\/, tcp:\/\//],
    ["ftp://127.0.0.1", /begins with one of/],
    ["http://", /is no URL/],
    ["http:///x", /is no URL/],
    ["http://127.0.0.1:99999/", /is no URL/],
    ["http://127.0.0.256/", /is no URL/],
    ["http://[::1/", /is no URL/],
    ["tcp://127.0.0.1", /names its port/],
    ["tcp://127.0.0.1:8080/x", /has no path/],
    ["http://127.0.0.1:0/", /port 0/],
    ["http://me:secret@127.0.0.1/", /no user and no password/],
  ])("%s is refused", (text, sentence) => {
    expect(() => parseTarget(text)).toThrow(sentence);
  });

  test("for any text, the result is a target or a sentence", () => {
    fc.assert(
      fc.property(
        fc.constantFrom("http", "https", "tcp", ""),
        fc.string({ unit: "binary" }),
        (scheme, rest) => {
          try {
            const target = parseTarget(`${scheme}://${rest}`);
            expect(target.port).toBeGreaterThan(0);
            expect(target.port).toBeLessThan(65_536);
            expect(target.path.startsWith("/")).toBe(true);
          } catch (error) {
            expect(error).toBeInstanceOf(RangeError);
          }
        },
      ),
    );
  });

  test("every address and port is read back", () => {
    fc.assert(
      fc.property(
        fc.constantFrom("http", "https", "tcp"),
        fc.oneof(fc.ipV4(), fc.ipV6()),
        fc.integer({ min: 1, max: 65_535 }),
        (scheme, address, port) => {
          const host = address.includes(":") ? `[${address}]` : address;
          const target = parseTarget(`${scheme}://${host}:${port}`);
          expect(target).toMatchObject({ scheme, port, isAddress: true });
          const again = target.host.includes(":") ? `[${target.host}]` : target.host;
          expect(parseTarget(`tcp://${again}:${port}`).host).toBe(target.host);
        },
      ),
    );
  });
});

test.each(["127.0.0.1", "127.255.0.3", "::1", "::ffff:7f00:1", "::ffff:127.0.0.1"])(
  "%s is this machine's loopback",
  (address) => {
    expect(isLoopback(address)).toBe(true);
  },
);

test.each(["192.0.2.1", [128, 0, 0, 1].join("."), "::2", "fe80::1"])("%s is not", (address) => {
  expect(isLoopback(address)).toBe(false);
});

test("a mapped address is read as IPv4", () => {
  const target = parseTarget("http://localhost:8080/");
  expect(endpoint(target, "::ffff:127.0.0.1")).toEqual({
    scheme: "http",
    host: "localhost",
    port: 8080,
    path: "/",
    address: "127.0.0.1",
  });
});
