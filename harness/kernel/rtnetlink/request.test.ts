import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { addressBytes, AF_INET6 } from "../address.ts";
import { LITTLE_ENDIAN } from "../byte-order.ts";
import { newAddress } from "./address.ts";
import { newVethPair, setLink } from "./link.ts";
import { batch } from "./request.ts";

// These tests read the requests with their own reader. It knows lengths and padding, and does not use the code under test.

/** A message, or an attribute: its type, and the bytes behind its header. */
interface Piece {
  type: number;
  flags: number;
  sequence: number;
  body: Uint8Array;
}

const view = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** Cuts bytes into messages (length of 32 bits, header of 16 bytes) or attributes (16 bits, 4 bytes). */
function cut(bytes: Uint8Array, kind: "messages" | "attributes"): Piece[] {
  const pieces: Piece[] = [];
  const header = kind === "messages" ? 16 : 4;
  let at = 0;
  while (at < bytes.length) {
    const data = view(bytes.subarray(at));
    const length = kind === "messages" ? data.getUint32(0, LITTLE_ENDIAN) : data.getUint16(0, LITTLE_ENDIAN);
    expect(length).toBeGreaterThanOrEqual(header);
    expect(at + length).toBeLessThanOrEqual(bytes.length);
    pieces.push({
      type: data.getUint16(kind === "messages" ? 4 : 2, LITTLE_ENDIAN),
      flags: kind === "messages" ? data.getUint16(6, LITTLE_ENDIAN) : 0,
      sequence: kind === "messages" ? data.getUint32(8, LITTLE_ENDIAN) : 0,
      body: bytes.slice(at + header, at + length),
    });
    at += Math.ceil(length / 4) * 4;
  }
  return pieces;
}

const messageOf = (bytes: Uint8Array): Piece => {
  const [message, ...more] = cut(bytes, "messages");
  expect(more).toEqual([]);
  return message!;
};
const attributesOf = (bytes: Uint8Array): Map<number, Uint8Array> =>
  new Map(cut(bytes, "attributes").map(({ type, body }) => [type, body]));
const text = (bytes: Uint8Array | undefined): string => Buffer.from(bytes ?? []).toString("latin1");
const word = (bytes: Uint8Array | undefined, at = 0): number =>
  view(bytes ?? new Uint8Array(0)).getUint32(at, LITTLE_ENDIAN);

const device = fc.stringMatching(/^[a-z][a-z0-9.-]{0,14}$/);
const ethernet = fc
  .uint8Array({ minLength: 6, maxLength: 6 })
  .map((bytes) => [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join(":"));
const index = fc.integer({ min: 1, max: 0x7fff_ffff });
const address = fc.oneof(
  fc.tuple(fc.ipV4(), fc.integer({ min: 0, max: 32 })),
  fc.tuple(fc.ipV6(), fc.integer({ min: 0, max: 128 })),
);

describe("a request for", () => {
  test("a veth pair has all the values that it was made from", () => {
    const given = fc.record({
      near: device,
      index,
      far: device,
      fd: fc.nat(65_535),
      ethernet: fc.option(ethernet),
    });
    fc.assert(
      fc.property(given, ({ near, index: own, far, fd, ethernet: hardware }) => {
        const peer = {
          device: far,
          namespace: { fd, name: "there" },
          ...(hardware !== null && { ethernet: hardware }),
        };
        const { type, flags, body } = messageOf(newVethPair({ device: near, index: own, peer }).bytes);
        // RTM_NEWLINK; NLM_F_REQUEST, NLM_F_EXCL, NLM_F_CREATE.
        expect([type, flags]).toEqual([16, 0x601]);
        expect([word(body, 4), word(body, 8), word(body, 12)]).toEqual([own, 0, 0]);
        const link = attributesOf(body.subarray(16));
        expect(text(link.get(3))).toBe(`${near}\0`);
        const info = attributesOf(link.get(18)!);
        expect(text(info.get(1))).toBe("veth");
        const end = attributesOf(info.get(2)!).get(1)!;
        expect(text(end.subarray(0, 16))).toBe("\0".repeat(16));
        const parts = attributesOf(end.subarray(16));
        expect(text(parts.get(3))).toBe(`${far}\0`);
        expect(word(parts.get(28))).toBe(fd);
        const bytes = parts.get(1);
        expect(bytes === undefined ? null : Buffer.from(bytes).toString("hex")).toBe(
          hardware?.replaceAll(":", "") ?? null,
        );
      }),
    );
  });

  test("an address has its bytes twice, its prefix and its interface; an IPv6 address can be used at once", () => {
    fc.assert(
      fc.property(index, address, (own, [written, prefix]) => {
        const { type, flags, body } = messageOf(newAddress(own, written, prefix).bytes);
        const { family, bytes } = addressBytes(written);
        expect([type, flags]).toEqual([20, 0x601]);
        expect([...body.subarray(0, 4)]).toEqual([family, prefix, family === AF_INET6 ? 2 : 0, 0]);
        expect(word(body, 4)).toBe(own);
        const parts = attributesOf(body.subarray(8));
        expect(new Set(parts.keys())).toEqual(new Set([1, 2]));
        for (const part of parts.values()) expect([...part]).toEqual([...bytes]);
      }),
    );
  });

  test("an interface's state changes that flag alone, by name or by index", () => {
    fc.assert(
      fc.property(fc.oneof(device, index), fc.constantFrom("up", "down"), (which, state) => {
        const { type, flags, body } = messageOf(setLink(which, state).bytes);
        expect([type, flags]).toEqual([19, 1]);
        expect(word(body, 8)).toBe(state === "up" ? 1 : 0);
        expect(word(body, 12)).toBe(1);
        const named = text(attributesOf(body.subarray(16)).get(3));
        expect([word(body, 4), named]).toEqual(typeof which === "number" ? [which, ""] : [0, `${which}\0`]);
      }),
    );
  });

  test("a veth pair is byte for byte what ip(8) sends", () => {
    // strace -e sendmsg ip link add link0 index 101 type veth peer name link0 address 02:00:00:00:00:02 netns /proc/self/fd/4
    const sent = [
      // Flags: REQUEST, EXCL, CREATE.
      ...["70000000", "1000", "0106", "00000000", "00000000", "0000000065000000", "00".repeat(8)],
      ...["0a000300", "6c696e6b30000000", "44001200", "08000100", "76657468", "38000200", "34000100"],
      ...["00".repeat(16), "0a000100", "0200000000020000", "08001c00", "04000000"],
      ...["0a000300", "6c696e6b30000000"],
    ].join("");
    const peer = { device: "link0", ethernet: "02:00:00:00:00:02", namespace: { fd: 4, name: "there" } };
    const { bytes } = newVethPair({ device: "link0", index: 101, peer });
    // The bytes were recorded on a little-endian machine.
    expect(LITTLE_ENDIAN ? Buffer.from(bytes).toString("hex") : sent).toBe(sent);
  });

  test.each([
    ["a name that is too long", () => setLink("sixteen-letters-", "up"), /is not a valid interface name/],
    ["an empty name", () => setLink("", "up"), /is not a valid interface name/],
    ["a name with a slash", () => setLink("a/b", "up"), /"a\/b" is not a valid interface name/],
    ["a name that means a folder", () => setLink("..", "up"), /is not a valid interface name/],
    ["an invalid address", () => newAddress(1, "192.0.2.256", 24), /not an IPv4 or IPv6 address/],
    [
      "a prefix that is too long",
      () => newAddress(1, "192.0.2.1", 33),
      /33 is not the length of a prefix .* 0 to 32/,
    ],
    ["half a prefix", () => newAddress(1, "2001:db8::1", 0.5), /0.5 is not the length/],
    ["an invalid hardware address", () => pair({ ethernet: "02:00:00:00:01" }), /is not a hardware address/],
    ["no index", () => pair({}, 0), /0 is not an index/],
  ])("%s is refused", (_, request, sentence) => {
    expect(request).toThrow(sentence);
    expect(request).toThrow(RangeError);
  });
});

test("a batch has its requests in order and numbered, and only the last asks for an answer", () => {
  const request = fc.oneof(
    device.map((name) => setLink(name, "up")),
    fc.tuple(index, address).map(([own, [written, prefix]]) => newAddress(own, written, prefix)),
  );
  fc.assert(
    fc.property(fc.array(request, { minLength: 1, maxLength: 60 }), (requests) => {
      const sent = cut(batch(requests), "messages");
      expect(sent.map(({ sequence }) => sequence)).toEqual(requests.map((_, nth) => nth + 1));
      expect(sent.map(({ flags }) => flags & 4)).toEqual(
        requests.map((_, nth) => (nth + 1 === requests.length ? 4 : 0)),
      );
      const alone = requests.map(({ bytes }) => messageOf(bytes));
      expect(sent.map(({ type, body }) => [type, text(body)])).toEqual(
        alone.map(({ type, body }) => [type, text(body)]),
      );
    }),
    { numRuns: 30 },
  );
});

function pair(part: { ethernet?: string }, own = 100): unknown {
  return newVethPair({
    device: "a",
    index: own,
    peer: { device: "b", namespace: { fd: 3, name: "there" }, ...part },
  });
}
