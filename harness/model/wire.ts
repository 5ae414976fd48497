import type { PeerPlan } from "./peer.ts";
import type { SegmentMatch } from "./segment.ts";
import type { HostName } from "./names.ts";

/** A link where every frame passes through lastack's wire program: what it does to all frames, and to the segments that rules match. */
export interface WirePlan {
  kind: "wire";
  between: [HostName, HostName];
  /** The one-way delay of frames from the first host, and from the second. ARP and neighbour discovery are never delayed. */
  delayMs: [number, number];
  /** Bits per second in each direction; null: no limit. */
  bitsPerSecond: number | null;
  /** The fraction, 0 to 1, of segments lost in each direction, drawn from `seed`. Segments on which a rule acts are exempt. */
  loss: number;
  seed: number;
  /** Tried in order for every TCP segment. The first rule that matches acts. */
  rules: WireRule[];
  /** `counted`: segments are counted, but not recorded one by one (for very many segments). Absent: each segment is recorded. */
  segments?: "counted";
  /** One of the two hosts whose TCP is a script and not the kernel. */
  peer?: PeerPlan;
}

export interface WireRule {
  /** Unique in its link. It is recorded with each packet on which the rule acted. */
  name: string;
  match: SegmentMatch;
  do: WireAction;
}

export type WireAction =
  | { pass: true }
  | { drop: true }
  /** Holds the segment until the intervention of that name is done. Held segments are then sent in the order of arrival. */
  | { holdUntil: string }
  | { holdMs: number }
  /** Passes the segment at once, and sends it again after this time. */
  | { duplicateAfterMs: number }
  /** Inverts one byte of the payload or, without payload, of the header. The checksum is not changed. */
  | { corrupt: true };
