import type { Recording } from "../model/recording.ts";
import type { PacketSample } from "../model/sample.ts";
import { segments } from "./segments.ts";

/**
 * The answer of the other end to a segment: its first segment between the same two ports after it received that one, and before the
 * sender sent another; null when it sent none. The answer can belong to another connection of these ports: a TIME-WAIT answers a SYN
 * with a segment of the old connection.
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
