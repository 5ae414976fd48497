import { LITTLE_ENDIAN } from "../byte-order.ts";

/** An attribute of a netlink message, made by hand for tests: written apart from the code under test, and not filled up. */
export function attribute(type: number, value: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(4 + value.length);
  new DataView(bytes.buffer).setUint16(0, bytes.length, LITTLE_ENDIAN);
  new DataView(bytes.buffer).setUint16(2, type, LITTLE_ENDIAN);
  bytes.set(value, 4);
  return bytes;
}
