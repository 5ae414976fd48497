import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { enhancedPacket, interfaceDescription, interfaceStatistics, sectionHeader } from "./pcapng.ts";

interface Block {
  type: number;
  body: DataView;
}

/** The blocks of a file. Their lengths are checked as section 3.1 requires. */
function blocks(file: Uint8Array): Block[] {
  const view = new DataView(file.buffer, file.byteOffset, file.length);
  const found: Block[] = [];
  for (let at = 0; at < file.length;) {
    const length = view.getUint32(at + 4, true);
    expect(length % 4).toBe(0);
    expect(view.getUint32(at + length - 4, true)).toBe(length);
    found.push({ type: view.getUint32(at, true), body: new DataView(file.buffer, at + 8, length - 12) });
    at += length;
  }
  return found;
}

/** The options by code, as text. The list must end with opt_endofopt and fill the block. */
function optionsAt(body: DataView, offset: number): Record<number, string> {
  const options: Record<number, string> = {};
  for (let at = offset; ;) {
    const [code, length] = [body.getUint16(at, true), body.getUint16(at + 2, true)];
    if (code === 0) {
      expect([length, at + 4]).toEqual([0, body.byteLength]);
      return options;
    }
    options[code] = Buffer.from(body.buffer, body.byteOffset + at + 4, length).toString();
    at += 4 + Math.ceil(length / 4) * 4;
  }
}

function only(file: Uint8Array): Block {
  const [block, ...more] = blocks(file);
  expect(more).toEqual([]);
  if (block === undefined) throw new Error("there is no block");
  return block;
}

describe("a block", () => {
  test("of a section has the byte order, the version and the writer", () => {
    const { type, body } = only(
      sectionHeader({ application: "lastack", os: "Linux 6.18", comment: "x/buggy" }),
    );
    expect(type).toBe(0x0a0d0d0a);
    expect([body.getUint32(0, true), body.getUint16(4, true), body.getUint16(6, true)]).toEqual([
      0x1a2b3c4d, 1, 0,
    ]);
    expect(body.getBigInt64(8, true)).toBe(-1n);
    expect(optionsAt(body, 16)).toEqual({ 1: "x/buggy", 3: "Linux 6.18", 4: "lastack" });
  });

  test("of an interface has the link type Ethernet and the time resolution microseconds", () => {
    const { type, body } = only(interfaceDescription({ name: "client", description: "from client" }));
    expect([type, body.getUint16(0, true), body.getUint32(4, true)]).toEqual([1, 1, 0]);
    expect(optionsAt(body, 8)).toEqual({ 2: "client", 3: "from client", 9: "\u0006" });
  });

  test("of a packet has its bytes, its time and the wire's comment", () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 70 }),
        fc.nat({ max: Number.MAX_SAFE_INTEGER }),
        fc.string(),
        (bytes, unixUs, comment) => {
          const { type, body } = only(enhancedPacket({ interface: 1, unixUs, bytes, comment }));
          expect([type, body.getUint32(0, true)]).toEqual([6, 1]);
          expect(BigInt(body.getUint32(4, true)) * 2n ** 32n + BigInt(body.getUint32(8, true))).toBe(
            BigInt(unixUs),
          );
          expect([body.getUint32(12, true), body.getUint32(16, true)]).toEqual([bytes.length, bytes.length]);
          expect(new Uint8Array(body.buffer, body.byteOffset + 20, bytes.length)).toEqual(bytes);
          const options = optionsAt(body, 20 + Math.ceil(bytes.length / 4) * 4);
          expect(options).toEqual({ 1: Buffer.from(comment).toString(), 2: "\u0001\0\0\0" });
        },
      ),
    );
  });

  test("of a truncated packet has the packet's original length", () => {
    const { body } = only(
      enhancedPacket({ interface: 0, unixUs: 1, bytes: new Uint8Array(60), frameBytes: 1514 }),
    );
    expect([body.getUint32(12, true), body.getUint32(16, true)]).toEqual([60, 1514]);
  });

  test("of statistics has the number of missing frames", () => {
    const { type, body } = only(interfaceStatistics(1, 5, 23));
    expect([type, body.getUint32(0, true), body.getUint32(8, true)]).toEqual([5, 1, 5]);
    expect([body.getUint16(12, true), body.getBigUint64(16, true)]).toEqual([5, 23n]);
  });

  test("truncates a comment that is too long, between two characters", () => {
    const { body } = only(
      enhancedPacket({
        interface: 0,
        unixUs: 1,
        bytes: new Uint8Array(0),
        comment: `x${"é".repeat(40_000)}`,
      }),
    );
    expect(optionsAt(body, 20)[1]).toBe(`x${"é".repeat(32_767)}`);
    expect(Buffer.byteLength(optionsAt(body, 20)[1] ?? "")).toBe(65_535);
  });
});
