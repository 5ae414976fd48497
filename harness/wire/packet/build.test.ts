import { describe, expect, test } from "vitest";
import { buildSegment, buildUnreachable, type SegmentPlan } from "./build.ts";
import { checksum, pseudoHeaderSum } from "./checksum.ts";
import { FLAG, flagBits, flagNames } from "./flags.ts";
import { parseFrame } from "./frame.ts";
import { PROTOCOL } from "./layout.ts";

const segment: SegmentPlan = {
  ethernet: { source: Uint8Array.of(2, 0, 0, 0, 0, 1), destination: Uint8Array.of(2, 0, 0, 0, 0, 2) },
  source: "192.0.2.1",
  destination: "192.0.2.2",
  sourcePort: 40_001,
  destinationPort: 8080,
  sequence: 4_294_967_295,
  acknowledgement: 0,
  flags: FLAG.SYN,
  windowField: 65_535,
};
const v6 = { source: "2001:db8::1", destination: "2001:db8::2" };

describe("a segment", () => {
  test.each([
    [{ destination: "2001:db8::1" }, "different families"],
    [{ source: "client" }, "client is not an IPv4 or IPv6 address"],
    [{ payload: new Uint8Array(65_536) }, "room for 65515 bytes"],
  ])("with %j cannot be built", (change, because) => {
    expect(() => buildSegment({ ...segment, ...change })).toThrow(because);
  });
});

describe("destination unreachable", () => {
  test("quotes an IPv4 segment and goes back to its source", () => {
    const frame = buildSegment(segment);
    const icmp = buildUnreachable(frame, frame.length, "192.0.2.254", "host");
    expect(parseFrame(icmp, icmp.length).kind).toBe("other");
    expect([...icmp.subarray(0, 12)]).toEqual([2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2]);
    expect([...icmp.subarray(26, 34)]).toEqual([192, 0, 2, 254, 192, 0, 2, 1]);
    expect([...icmp.subarray(34, 36)]).toEqual([3, 1]);
    expect(icmp.slice(42)).toEqual(frame.slice(14));
    expect(checksum(icmp, 14, 34)).toBe(0);
    expect(checksum(icmp, 34, icmp.length)).toBe(0);
  });

  test("quotes an IPv6 segment, with a checksum that includes a pseudo-header", () => {
    const frame = buildSegment({ ...segment, ...v6 });
    const icmp = buildUnreachable(frame, frame.length, "2001:db8::2", "port");
    expect([...icmp.subarray(54, 56)]).toEqual([1, 4]);
    expect(icmp[20]).toBe(PROTOCOL.icmpv6);
    expect(icmp.slice(62)).toEqual(frame.slice(14));
    const sum = pseudoHeaderSum(icmp, 22, 6, icmp.length - 54, PROTOCOL.icmpv6);
    expect(checksum(icmp, 54, icmp.length, sum)).toBe(0);
  });

  test.each([
    [segment, "192.0.2.2", 576],
    [{ ...segment, ...v6 }, "2001:db8::2", 1280],
  ])("quotes no more than the limit", (plan, from, most) => {
    const frame = buildSegment({ ...plan, payload: new Uint8Array(1400) });
    expect(buildUnreachable(frame, frame.length, from, "host")).toHaveLength(14 + most);
  });

  test("cannot be built for a frame without an IP packet", () => {
    expect(() => buildUnreachable(new Uint8Array(60), 60, "192.0.2.2", "host")).toThrow("nothing to quote");
  });
});

test("flags have the bits and the order of the header", () => {
  expect(flagNames(0x12)).toEqual(["SYN", "ACK"]);
  expect(flagNames(0xff)).toEqual(["FIN", "SYN", "RST", "PSH", "ACK", "URG", "ECE", "CWR"]);
  for (let bits = 0; bits < 256; bits += 1) expect(flagBits(flagNames(bits))).toBe(bits);
});
