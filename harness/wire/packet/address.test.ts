import * as fc from "fast-check";
import { SocketAddress } from "node:net";
import { describe, expect, test } from "vitest";
import { addressBytes, addressText } from "./address.ts";

describe("an address", () => {
  test.each(["192.0.2.1", "0.0.0.0", "2001:db8::1", "::", "::1", "2001:db8::", "2001:db8:0:1::2"])(
    "%s is parsed and written back unchanged",
    (text) => {
      expect(addressText(addressBytes(text), 0, text.includes(":") ? 6 : 4)).toBe(text);
    },
  );

  test.each([
    ["2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"],
    ["2001:DB8::0:1", "2001:db8::1"],
    ["2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"],
    ["::ffff:192.0.2.1", "::ffff:c000:201"],
  ])("%s is written as %s", (text, canonical) => {
    expect(addressText(addressBytes(text), 0, 6)).toBe(canonical);
  });

  test.each([
    "",
    "localhost",
    "192.0.2",
    "192.0.2.256",
    "192.0.2.1.1",
    "2001:db8",
    "1:2:3:4:5:6:7:8:9",
    "1::2::3",
    "1:2:3:4:5:6:7::8",
    "192.0.2.1::",
    ":1",
    "12345::",
    "fe80::1%eth0",
    "::1 ",
  ])("%j is not an address", (text) => {
    expect(() => addressBytes(text)).toThrow(RangeError);
  });

  test("of 16 bytes has the same meaning for Node", () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 16, maxLength: 16 }), (bytes) => {
        const text = addressText(bytes, 0, 6);
        expect([...addressBytes(text)]).toEqual([...bytes]);
        const known = new SocketAddress({ address: text, family: "ipv6" }).address;
        expect([...addressBytes(known)]).toEqual([...bytes]);
      }),
    );
  });
});
