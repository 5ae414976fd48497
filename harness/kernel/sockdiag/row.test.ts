import { endianness } from "node:os";
import { expect, test } from "vitest";
import { addressWords } from "./row.ts";

/** The bytes of an address as a row has them, as words of this machine's order. */
function words(...bytes: number[]): number[] {
  const view = new DataView(Uint8Array.from(bytes).buffer);
  return Array.from({ length: bytes.length / 4 }, (_, n) => view.getUint32(n * 4, endianness() === "LE"));
}

test("an IPv4 address has words for IPv4 sockets, and mapped words for dual-stack sockets", () => {
  expect(addressWords("127.0.0.1")).toEqual({
    ipv4: words(127, 0, 0, 1)[0],
    ipv6: words(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255, 127, 0, 0, 1),
  });
});

test("an IPv6 address has words for IPv6 sockets alone", () => {
  expect(addressWords("2001:db8::7")).toEqual({
    ipv4: null,
    ipv6: words(0x20, 1, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 7),
  });
});
