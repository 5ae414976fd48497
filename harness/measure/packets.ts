import type { Recording } from "../model/recording.ts";
import type { PacketSample } from "../model/sample.ts";
import type { HostName } from "../model/names.ts";
import { samplesOf } from "./evidence.ts";

/** A connection as a wire saw it. */
export interface WireConnection {
  link: number;
  connection: number;
  /** The sender of its first segment, and the receiver. */
  ends: [ConnectionEnd, ConnectionEnd];
  /** In the order in which they entered the wire. */
  packets: PacketSample[];
  /** The time of its first segment. */
  fromUs: number;
  /** When the next connection of the same two ports began; null when none did. */
  untilUs: number | null;
  /** Whether there was one of the same two ports before. */
  isSuccessor: boolean;
}

export interface ConnectionEnd {
  host: HostName;
  port: number;
}

/** All connections that the wires of a trial carried, by link and number. */
export function wireConnections(recording: Recording): WireConnection[] {
  const found = new Map<string, WireConnection>();
  // A recording has each segment at the place where its fate became known, so the order of time must be restored.
  for (const packet of samplesOf(recording, "packet").toSorted((a, b) => a.atUs - b.atUs)) {
    const key = `${packet.link} ${packet.connection}`;
    const known = found.get(key);
    if (known === undefined) found.set(key, begun(packet));
    else known.packets.push(packet);
  }
  const all = [...found.values()].toSorted((a, b) => a.link - b.link || a.connection - b.connection);
  const latest = new Map<string, WireConnection>();
  for (const one of all) {
    const ports = pair(one);
    const former = latest.get(ports);
    if (former !== undefined) {
      former.untilUs = one.fromUs;
      one.isSuccessor = true;
    }
    latest.set(ports, one);
  }
  return all;
}

function begun(packet: PacketSample): WireConnection {
  const { link, connection, atUs } = packet;
  const ends: WireConnection["ends"] = [
    { host: packet.from, port: packet.fromPort },
    { host: packet.to, port: packet.toPort },
  ];
  return { link, connection, ends, packets: [packet], fromUs: atUs, untilUs: null, isSuccessor: false };
}

function pair({ link, ends }: WireConnection): string {
  return `${link} ${ends
    .map(({ host, port }) => `${host}:${port}`)
    .toSorted()
    .join(" ")}`;
}

/** Why a segment carries nothing new. */
export type Repeat =
  | { kind: "retransmission"; first: PacketSample }
  | { kind: "keep-alive probe" | "window probe" };

/**
 * The segments of a connection that repeat others. They are retransmissions, with only sequence numbers that were sent before, and
 * probes, which carry nothing and have the sequence number before the next one (RFC 9293 section 3.8.4, and section 3.8.6.1;
 * net/ipv4/tcp_output.c, tcp_xmit_probe_skb). Wireshark's analysis uses the same names for the same segments of one connection.
 */
export function repeats(packets: PacketSample[]): Map<PacketSample, Repeat> {
  const found = new Map<PacketSample, Repeat>();
  const sent = new Map<HostName, { next: number; segments: PacketSample[] }>();
  const window = new Map<HostName, number>();
  for (const packet of packets) {
    const before = sent.get(packet.from);
    const isReset = packet.flags.includes("RST");
    const end = (packet.sequence + sequenceLength(packet)) >>> 0;
    if (before === undefined) {
      if (!isReset) sent.set(packet.from, { next: end, segments: [packet] });
    } else if (!isReset) {
      const repeat = repeatOf(packet, before, window.get(packet.to));
      if (repeat === null) before.segments.push(packet);
      else found.set(packet, repeat);
      if (isAhead(before.next, end)) before.next = end;
    }
    window.set(packet.from, packet.windowBytes);
  }
  return found;
}

function repeatOf(
  packet: PacketSample,
  before: { next: number; segments: PacketSample[] },
  peerWindowBytes: number | undefined,
): Repeat | null {
  const length = sequenceLength(packet);
  if (length === 0) {
    if (packet.sequence !== (before.next - 1) >>> 0 || before.next === 1) return null;
    return { kind: peerWindowBytes === 0 ? "window probe" : "keep-alive probe" };
  }
  if (isAhead(before.next, (packet.sequence + length) >>> 0)) return null;
  const first = before.segments.find(
    (one) => sequenceLength(one) > 0 && !isAhead(one.sequence, packet.sequence) && covers(one, packet),
  );
  return { kind: "retransmission", first: first ?? packet };
}

function covers(one: PacketSample, packet: PacketSample): boolean {
  return (packet.sequence - one.sequence) >>> 0 < sequenceLength(one);
}

/** Whether `number` comes after `of`, modulo 2^32. */
function isAhead(of: number, number: number): boolean {
  const ahead = (number - of) >>> 0;
  return ahead > 0 && ahead < 0x8000_0000;
}

/** RFC 9293 section 3.4: a SYN and a FIN count as a byte each. */
function sequenceLength({ flags, payloadBytes }: PacketSample): number {
  return payloadBytes + (flags.includes("SYN") ? 1 : 0) + (flags.includes("FIN") ? 1 : 0);
}
