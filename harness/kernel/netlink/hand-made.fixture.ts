import { LITTLE_ENDIAN } from "../byte-order.ts";

/** Makes an attribute of a netlink message for tests, without padding. It does not use the code under test. */
export function attribute(type: number, value: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(4 + value.length);
  new DataView(bytes.buffer).setUint16(0, bytes.length, LITTLE_ENDIAN);
  new DataView(bytes.buffer).setUint16(2, type, LITTLE_ENDIAN);
  bytes.set(value, 4);
  return bytes;
}
