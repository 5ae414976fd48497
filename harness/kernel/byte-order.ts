import { endianness } from "node:os";

/**
 * What a DataView is told so that it reads as the kernel writes: in the machine's own order, which is little-endian on
 * x64 and arm64. Typed arrays (Uint32Array and its kin) have that order by themselves.
 */
export const LITTLE_ENDIAN = endianness() === "LE";
