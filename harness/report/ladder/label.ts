import type { Repeat } from "../../measure/packets.ts";
import type { PacketSample } from "../../model/sample.ts";

/** A stretch of time in the unit that reads best: `40 µs`, `3.2 ms`, `1.02 s`. */
export function lasting(us: number): string {
  if (us < 1000) return `${Math.round(us)} µs`;
  if (us < 999_500) return `${Number((us / 1000).toPrecision(us < 100_000 ? 2 : 3))} ms`;
  return `${(us / 1e6).toFixed(us < 9_995_000 ? 2 : 1)} s`;
}

/** `SYN-ACK seq=0 ack=1`: what every segment has, and what is rare enough to be worth showing. */
export function segmentLabel(packet: PacketSample): string {
  const { flags, sequence, acknowledgement, payloadBytes, windowBytes } = packet;
  const parts = [flags.length === 0 ? "no flags" : flags.join("-"), `seq=${sequence}`];
  if (acknowledgement !== null) parts.push(`ack=${acknowledgement}`);
  if (payloadBytes > 0) parts.push(`len=${payloadBytes}`);
  if (windowBytes === 0 && !flags.includes("RST")) parts.push("win=0");
  return parts.join(" ");
}

/** The options that are shown if there is room, the rarest first. */
export function optionLabels({ options, flags }: PacketSample): string[] {
  const { sack = [], fastOpenCookie, mssBytes, windowScale, timestamps } = options;
  const labels = sack.map(([left, right]) => `sack=${left}-${right}`);
  if (fastOpenCookie !== undefined) labels.push(fastOpenCookie === "" ? "tfo" : `tfo=${fastOpenCookie}`);
  if (mssBytes !== undefined) labels.push(`mss=${mssBytes}`);
  if (windowScale !== undefined) labels.push(`ws=${windowScale}`);
  if (timestamps !== undefined && flags.includes("SYN")) labels.push("ts");
  return labels;
}

/** How a segment repeats an earlier one. */
export function repeatNote(packet: PacketSample, repeat: Repeat): string {
  if (repeat.kind !== "retransmission") return repeat.kind;
  const laterUs = packet.atUs - repeat.first.atUs;
  return laterUs > 0 ? `retransmission after ${lasting(laterUs)}` : "retransmission";
}

/** What the wire did with a segment, in a few words; null when it only passed. */
export function fateNote({ fate, rule }: PacketSample): string | null {
  if (fate === "passed") return null;
  if (fate === "lost") return "lost on the wire";
  if (fate === "cut") return "cut off";
  return rule === null ? fate : `${fate} by ${rule}`;
}
