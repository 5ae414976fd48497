import { SocketAddress } from "node:net";
import fc from "fast-check";
import { expect, test } from "vitest";
import { AF_INET, AF_INET6, portOf, socketAddress } from "./address.ts";

test("an IPv4 address becomes a sockaddr_in", () => {
  const { family, bytes } = socketAddress("192.0.2.1", 8080);
  expect(family).toBe(AF_INET);
  expect(bytes.toString("hex", 2)).toBe(`1f90c0000201${"0".repeat(16)}`);
  expect(new Uint16Array(bytes.buffer, bytes.byteOffset, 1)[0]).toBe(AF_INET);
});

test("an IPv6 address becomes a sockaddr_in6", () => {
  const { family, bytes } = socketAddress("2001:db8::1", 65_535);
  expect(family).toBe(AF_INET6);
  expect(bytes.toString("hex", 2)).toBe("ffff0000000020010db800000000000000000000000100000000");
});

test("every IPv4 address and port is kept", () => {
  fc.assert(
    fc.property(fc.ipV4(), fc.nat(65_535), (address, port) => {
      const { bytes } = socketAddress(address, port);
      expect([...bytes.subarray(4, 8)].join(".")).toBe(address);
      expect(portOf(bytes)).toBe(port);
    }),
  );
});

test("every IPv6 address is accepted, in every notation", () => {
  fc.assert(
    fc.property(fc.ipV6(), (address) => {
      const { bytes } = socketAddress(address, 80);
      const words = Array.from({ length: 8 }, (_, word) => bytes.readUInt16BE(8 + 2 * word).toString(16));
      const canonical = (text: string): string =>
        new SocketAddress({ address: text, family: "ipv6" }).address;
      expect(canonical(words.join(":"))).toBe(canonical(address));
    }),
  );
});

test.each([
  ["localhost", 80, /localhost is not an IPv4 or IPv6 address/],
  ["fe80::1%lo", 80, /not an IPv4 or IPv6 address/],
  ["192.0.2.256", 80, /not an IPv4 or IPv6 address/],
  ["192.0.2.1", 65_536, /65536 is not a port/],
  ["192.0.2.1", 1.5, /1.5 is not a port/],
])("%s port %s is refused", (address, port, sentence) => {
  expect(() => socketAddress(address, port)).toThrow(sentence);
});
