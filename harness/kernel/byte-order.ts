import { endianness } from "node:os";

/**
 * The byte order argument for a DataView that reads what the kernel wrote. The kernel uses the machine's own order, which is
 * little-endian on x64 and arm64. Typed arrays (Uint32Array and others) use that order by themselves.
 */
export const LITTLE_ENDIAN = endianness() === "LE";
