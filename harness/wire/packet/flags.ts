import { TCP_FLAGS, type TcpFlag } from "../../model/segment.ts";

/** The bits of byte 13 of a TCP header (RFC 9293 section 3.1): TCP_FLAGS from the lowest to the highest. */
export const FLAG = { FIN: 1, SYN: 2, RST: 4, PSH: 8, ACK: 16, URG: 32, ECE: 64, CWR: 128 } as const;

const NAMES: readonly TcpFlag[][] = Array.from({ length: 256 }, (_, bits) =>
  TCP_FLAGS.filter((flag) => (bits & FLAG[flag]) !== 0),
);

/** The flags in a header's byte, in the order of the bits. All callers with the same byte get the same list. */
export function flagNames(bits: number): TcpFlag[] {
  return NAMES[bits & 0xff] ?? [];
}

/** The header's byte for a list of flags. */
export function flagBits(flags: readonly TcpFlag[]): number {
  return flags.reduce((bits, flag) => bits | FLAG[flag], 0);
}
