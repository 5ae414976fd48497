import type { PacketSample } from "../model/sample.ts";

/** Of a connection's segments, those that close it: the FINs, and what acknowledges one. An acknowledging FIN is one segment. */
export function closingSegments(packets: PacketSample[]): PacketSample[] {
  const fins = packets.filter(({ flags }) => flags.includes("FIN"));
  return packets.filter(
    (packet) => packet.flags.includes("FIN") || fins.some((fin) => acknowledges(packet, fin)),
  );
}

/** Whether a segment acknowledges exactly as far as a FIN of the other end, which counts as one behind its payload. */
export function acknowledges(packet: PacketSample, fin: PacketSample): boolean {
  return fin.from !== packet.from && packet.acknowledgement === (fin.sequence + fin.payloadBytes + 1) >>> 0;
}
