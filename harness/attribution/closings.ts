import { type ConnectionEnd, repeats, type Repeat, type WireConnection } from "../measure/packets.ts";
import type { PacketSample } from "../model/sample.ts";

/** A connection of a wire, with what its segments repeat. */
export interface Carried {
  connection: WireConnection;
  repeats: Map<PacketSample, Repeat>;
}

/** A FIN or a RST that an end sent. A FIN that is sent again is the same. */
export interface Closing extends Carried {
  packet: PacketSample;
  ending: "FIN" | "RST";
  near: ConnectionEnd;
  far: ConnectionEnd;
}

/** A connection, with what its segments repeat. */
export function carried(connection: WireConnection): Carried {
  return { connection, repeats: repeats(connection.packets) };
}

/** Every reset of a connection, and the first FIN of each end, in the order in which they reached the wire. */
export function closingsOf(one: Carried): Closing[] {
  const finished = new Set<string>();
  return one.connection.packets.flatMap((packet): Closing[] => {
    const [near, far] = endsOf(one.connection, packet);
    if (packet.flags.includes("RST")) return [{ ...one, packet, ending: "RST", near, far }];
    const key = `${near.host} ${near.port}`;
    if (!packet.flags.includes("FIN") || finished.has(key)) return [];
    finished.add(key);
    return [{ ...one, packet, ending: "FIN", near, far }];
  });
}

/** The sender's end, and the receiver's. */
function endsOf({ ends }: WireConnection, { from, fromPort }: PacketSample): [ConnectionEnd, ConnectionEnd] {
  const [one, other] = ends;
  return one.host === from && one.port === fromPort ? [one, other] : [other, one];
}

/** Whether an end sent a segment. */
export function isFrom(end: ConnectionEnd, { from, fromPort }: PacketSample): boolean {
  return from === end.host && fromPort === end.port;
}

/** The segments that one end had sent before a moment. */
export function sentBefore({ connection }: Carried, end: ConnectionEnd, us: number): PacketSample[] {
  return connection.packets.filter((packet) => isFrom(end, packet) && packet.atUs < us);
}

/** The segments that had come to one end before a moment. */
export function arrivedBefore({ connection }: Carried, end: ConnectionEnd, us: number): PacketSample[] {
  return connection.packets.filter(
    (packet) => !isFrom(end, packet) && packet.sentUs !== null && packet.sentUs <= us,
  );
}

/** The sequence number after a segment (RFC 9293 section 3.4: SYN and FIN take one each). */
export function endOf({ sequence, payloadBytes, flags }: PacketSample): number {
  const more = (flags.includes("SYN") ? 1 : 0) + (flags.includes("FIN") ? 1 : 0);
  return (sequence + payloadBytes + more) >>> 0;
}

/** Whether a number is `of` or after it, modulo 2^32. */
export function reaches(number: number, of: number): boolean {
  return (number - of) >>> 0 < 0x8000_0000;
}
