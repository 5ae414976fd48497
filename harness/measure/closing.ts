import type { PacketSample } from "../model/sample.ts";

/** The segments that close a connection: the FINs, and those that acknowledge one. A FIN that also acknowledges is one segment. */
export function closingSegments(packets: PacketSample[]): PacketSample[] {
  const fins = packets.filter(({ flags }) => flags.includes("FIN"));
  return packets.filter(
    (packet) => packet.flags.includes("FIN") || fins.some((fin) => acknowledges(packet, fin)),
  );
}

/** Whether a segment acknowledges exactly up to a FIN of the other end. The FIN counts as one byte after its payload. */
export function acknowledges(packet: PacketSample, fin: PacketSample): boolean {
  return fin.from !== packet.from && packet.acknowledgement === (fin.sequence + fin.payloadBytes + 1) >>> 0;
}
