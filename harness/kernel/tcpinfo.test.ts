import fc from "fast-check";
import { expect, test } from "vitest";
import { LITTLE_ENDIAN } from "./byte-order.ts";
import { parseTcpInfo } from "./tcpinfo.ts";

test("a struct tcp_info of any length is read up to its end", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
      const info = parseTcpInfo(bytes);
      // offsetof() of a few fields, include/uapi/linux/tcp.h.
      expect(info.rtoUs === null).toBe(bytes.length < 12);
      expect(info.totalRetransmits === null).toBe(bytes.length < 104);
      expect(info.bytesReceived === null).toBe(bytes.length < 136);
      expect(info.receiveWindowBytes === null).toBe(bytes.length < 236);
    }),
  );
});

test("fields are read at the kernel's offsets", () => {
  const view = new DataView(new ArrayBuffer(248));
  view.setUint8(0, 8);
  view.setUint32(8, 204_000, LITTLE_ENDIAN);
  view.setUint32(68, 71, LITTLE_ENDIAN);
  view.setUint32(80, 10, LITTLE_ENDIAN);
  view.setBigUint64(120, 5_000_000_000n, LITTLE_ENDIAN);
  view.setUint32(228, 65_536, LITTLE_ENDIAN);
  expect(parseTcpInfo(new Uint8Array(view.buffer))).toMatchObject({
    state: 8,
    rtoUs: 204_000,
    rttUs: 71,
    congestionWindow: 10,
    bytesAcked: 5_000_000_000,
    sendWindowBytes: 65_536,
  });
});

test("bytes are read in the same way at any offset in their buffer", () => {
  const bytes = Uint8Array.from({ length: 240 }, (_, i) => i);
  const shifted = new Uint8Array(243);
  shifted.set(bytes, 3);
  expect(parseTcpInfo(shifted.subarray(3))).toEqual(parseTcpInfo(bytes));
});
