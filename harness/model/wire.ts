import type { PeerPlan } from "./peer.ts";
import type { SegmentMatch } from "./segment.ts";
import type { HostName } from "./names.ts";

/** A link whose every frame passes through our hands: what it does to all frames, and to segments that rules match. */
export interface WirePlan {
  kind: "wire";
  between: [HostName, HostName];
  /** One-way delay of frames from the first host, and from the second. ARP and neighbour discovery pass at once, whatever is set. */
  delayMs: [number, number];
  /** Bits a second each way; null is as fast as it goes. */
  bitsPerSecond: number | null;
  /** The fraction of segments that is lost each way, of those that no rule acts on, drawn from `seed`: 0 to 1. */
  loss: number;
  seed: number;
  /** Asked in order for every TCP segment; the first that matches acts. */
  rules: WireRule[];
  /** `counted`: no segment is told, only how many there were: for more than anybody reads. Absent: each is told. */
  segments?: "counted";
  /** One of the two hosts without a kernel's TCP: a script speaks for it. */
  peer?: PeerPlan;
}

export interface WireRule {
  /** Unique in its link; it stands beside each packet that the rule acted on. */
  name: string;
  match: SegmentMatch;
  do: WireAction;
}

export type WireAction =
  | { pass: true }
  | { drop: true }
  /** Kept back until an intervention of that name is done, then sent in the order of arrival. */
  | { holdUntil: string }
  | { holdMs: number }
  /** Passed at once, and once more after a time. */
  | { duplicateAfterMs: number }
  /** One byte of the payload is inverted, or of the header when there is none; the checksum stays as it was. */
  | { corrupt: true };
