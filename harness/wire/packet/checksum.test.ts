import { describe, expect, test } from "vitest";
import { checksum, pseudoHeaderSum } from "./checksum.ts";
import { parseFrame } from "./frame.ts";
import { REAL_FRAMES, realFrame } from "./real-frames.fixture.ts";

/** The checksum over a segment that contains its own checksum: 0 when that is correct. */
function remainder(frame: Uint8Array): number {
  const parsed = parseFrame(frame, frame.length);
  if (parsed.kind !== "tcp") throw new Error(JSON.stringify(parsed));
  const length = frame.length - parsed.tcpOffset;
  const sum = pseudoHeaderSum(frame, parsed.addressesOffset, parsed.ipVersion, length);
  return checksum(frame, parsed.tcpOffset, frame.length, sum);
}

describe("the checksum", () => {
  test("of RFC 1071's example is correct", () => {
    const bytes = Uint8Array.of(0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7);
    expect(checksum(bytes, 0, 8)).toBe(~0xddf2 & 0xffff);
    expect(checksum(bytes, 0, 4, checksum(bytes, 4, 8) ^ 0xffff)).toBe(~0xddf2 & 0xffff);
  });

  test("pads the last word with a zero byte", () => {
    expect(checksum(Uint8Array.of(9, 1, 2, 3), 1, 4)).toBe(~(0x0102 + 0x0300) & 0xffff);
  });

  test("adds the carry, and also the carry of that addition", () => {
    expect(checksum(new Uint8Array(65_536).fill(0xff), 0, 65_536)).toBe(0);
    expect(checksum(Uint8Array.of(0xff, 0xff, 0x00, 0x01), 0, 4)).toBe(~1 & 0xffff);
  });

  test.each(Object.keys(REAL_FRAMES) as (keyof typeof REAL_FRAMES)[])("of frame %s is correct", (name) => {
    const frame = realFrame(name);
    expect(remainder(frame)).toBe(0);
    if (name.endsWith("IPv4")) {
      expect(checksum(frame, 14, 34)).toBe(0);
      frame[22] = (frame[22] ?? 0) ^ 1;
      expect(checksum(frame, 14, 34)).not.toBe(0);
    }
    const last = frame.length - 1;
    frame[last] = (frame[last] ?? 0) ^ 1;
    expect(remainder(frame)).not.toBe(0);
  });
});
