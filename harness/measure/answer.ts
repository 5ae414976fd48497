import type { Recording } from "../model/recording.ts";
import type { PacketSample } from "../model/sample.ts";
import { segments } from "./segments.ts";

/**
 * What the other end said to a segment: its first one between the same two ports after that had reached it, and before anything else
 * came from its sender; null when it said nothing. It may belong to another connection of these ports: what a TIME-WAIT says to a SYN
 * is said in the old one's name.
 */
export function answerTo(recording: Recording, packet: PacketSample): PacketSample | null {
  const { link, from, to, fromPort, toPort, atUs, sentUs } = packet;
  if (sentUs === null) return null;
  const next = segments(recording, { link, from }).find(
    (one) => one.atUs > atUs && one.fromPort === fromPort && one.toPort === toPort,
  );
  const answer = segments(recording, { link, from: to }).find(
    (one) => one.atUs >= sentUs && one.fromPort === toPort && one.toPort === fromPort,
  );
  return answer !== undefined && answer.atUs < (next?.atUs ?? Number.POSITIVE_INFINITY) ? answer : null;
}
